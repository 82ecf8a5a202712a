"""A cap on the queries of a whole run, divided among what the run does."""

from typing import Any

from temper.config.sections import Config

DECODINGS = 2
"""Every attempt is made greedily and by the target's own sampling."""
PROPOSED_SHARE = 0.25
"""Of the attacks measured: drawn from all proposed, to show what selection adds."""


def divided(config: Config) -> Config:
    """Fit searches and measurement into `budget.max_queries`: half for each, equal attackers.

    A setting that the user gave stays as it is, none grows beyond its default, and a cap too small
    to divide is left to stop the run. Without a cap nothing changes.
    """
    cap, attack, measure = config.budget.max_queries, config.attack, config.measure
    if cap is None:
        return config
    attackers = [name for name in attack.attackers if name != "none"] or ["none"]
    plain = DECODINGS * (measure.clean_problems * len(config.problems.digits) + measure.problems)
    share = (cap - plain) // 2 // len(attackers)
    attacks = share // (DECODINGS * measure.problems)
    if attacks < 1:
        return config
    proposed = min(measure.proposed, int(attacks * PROPOSED_SHARE))
    changed = {
        "attack": _unless_given(attack, {"max_queries": min(share, attack.max_queries)}),
        "measure": _unless_given(
            measure,
            {
                "proposed": proposed,
                "max_attacks": max(1, min(attacks - proposed, measure.max_attacks)),
            },
        ),
    }
    return config.model_copy(update=changed)


def _unless_given(section: Any, values: dict[str, int]) -> Any:
    free = {name: value for name, value in values.items() if name not in section.model_fields_set}
    return section.model_copy(update=free)
