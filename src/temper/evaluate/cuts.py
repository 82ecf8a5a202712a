"""The cuts of a success rate: by size of error, wrong answer, family of attack, operator, round."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from temper.arithmetic.families import classify
from temper.arithmetic.oracle import ANY, TARGETED
from temper.arithmetic.problems import error_band, parse_problem
from temper.evaluate.rates import Facets, proportion
from temper.records import Rate

Row = Mapping[str, Any]
Cut = Callable[[Row], str | int]


def _error_size(row: Row) -> str:
    return error_band(parse_problem(row["problem"]))


def _wrong(row: Row) -> int:
    return parse_problem(row["problem"]).wrong


def _family(row: Row) -> str:
    return classify(row["attack_text"])


CUTS: dict[str, Cut] = {
    "error_size": _error_size,
    "family": _family,
    "operator": lambda row: row["operator"],
    "round": lambda row: row["round"],
    "digits": lambda row: row["digits"],
    "wrong": _wrong,
}


BUDGETS = (100, 1_000, 10_000)
MEASURES = (("attack.targeted", TARGETED), ("attack.untargeted", ANY))


def cut_rates(rows: Sequence[Row], target: str) -> Iterator[Rate]:
    """Greedy success of each attacker's accepted attacks, cut each way; and by wrong answer.

    The cut by wrong answer takes one-digit sums alone, where an answer recurs often enough.
    """
    accepted = [
        row
        for row in rows
        if (row["selection"], row["decoding"], row["split"]) == ("accepted", "greedy", "unseen")
    ]
    for attacker in sorted({row["attacker"] for row in accepted}):
        mine = [row for row in accepted if row["attacker"] == attacker]
        facets: Facets = {
            "attacker": attacker,
            "attacks": "accepted",
            "split": "unseen",
            "decoding": "greedy",
            "target": target,
        }
        for name in ("error_size", "family", "operator", "round"):
            yield from parts_by(mine, name, facets)
        yield from _budgets(mine, facets)
        one_digit = [row for row in mine if row["digits"] == 1]
        yield from parts_by(one_digit, "wrong", {**facets, "digits": 1})


def _budgets(rows: Sequence[Row], facets: Facets) -> Iterator[Rate]:
    """Success of what had been accepted when so many queries were spent: a shorter search's."""
    spent = max((row["queries"] for row in rows), default=0)
    for budget in (budget for budget in BUDGETS if budget < 10 * spent):
        within = [row for row in rows if row["queries"] <= budget]
        if within:
            for figure, measure in MEASURES:
                part = [row for row in within if row["measure"] == measure]
                yield proportion(figure, part, {**facets, "max_queries": budget})


def parts_by(rows: Sequence[Row], name: str, facets: Facets) -> Iterator[Rate]:
    """Success of each part of the rows, by one of the cuts; nothing where there is one part."""
    cut = CUTS[name]
    groups: dict[str | int, list[Row]] = {}
    for row in rows:
        groups.setdefault(cut(row), []).append(row)
    if len(groups) < 2:
        return
    for value in sorted(groups, key=_order):
        for figure, measure in MEASURES:
            part = [row for row in groups[value] if row["measure"] == measure]
            yield proportion(figure, part, {**facets, name: value})


def _order(value: str | int) -> tuple[int, str]:
    """Numbers and bands such as "3-5" by their first number, words by the alphabet."""
    head = str(value).lstrip(">").split("-")[0]
    return (int(head), str(value)) if head.isdigit() else (0, str(value))
