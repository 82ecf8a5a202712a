"""`temper rate`: an honest rate from any tool's verdicts."""

import json
from pathlib import Path
from typing import Annotated

import typer


def rate(
    file: Annotated[
        Path, typer.Argument(help="CSV with a header, or JSONL: a verdict a row, of any tool.")
    ],
    verdict: Annotated[
        str, typer.Option(help="Column of the verdict: hit, safe or unknown; or 1, 0, empty.")
    ] = "verdict",
    cluster: Annotated[
        list[str] | None,
        typer.Option(
            help="Column that says which rows belong together, e.g. the attack. Repeatable.",
            show_default="rows are independent",
        ),
    ] = None,
    truth: Annotated[
        str, typer.Option(help="Column of what an audit found; empty where not audited.")
    ] = "truth",
    inclusion: Annotated[
        str, typer.Option(help="Column of the chance to be audited, as --plan-to writes it.")
    ] = "inclusion",
    judge: Annotated[str, typer.Option(help="Who gave the verdicts.")] = "judge",
    these: Annotated[
        bool, typer.Option("--these", help="Of these rows alone, not of new attacks like them.")
    ] = False,
    half_width: Annotated[
        float | None,
        typer.Option(help="Plan an audit: answers to check for a range of so much up and down."),
    ] = None,
    plan_to: Annotated[
        Path | None, typer.Option(help="Write the plan here: row, check, inclusion.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Decides which answers are drawn for an audit.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object.")] = False,
) -> None:
    """Rate of hits with its interval, corrected where some answers were checked by truth.

    Without an audit the rate of a fallible judge is uncorrected, and says so.
    """
    from temper.errors import ConfigError
    from temper.evaluate.audited import audit_to_do, judged_rate
    from temper.evaluate.verdict_file import Columns, read_verdicts, write_plan
    from temper.report.figures import rate_in_words
    from temper.stats import Estimand

    if half_width is not None and not 0 < half_width < 0.5:
        raise ConfigError(f"--half-width {half_width}: it lies between 0 and 0.5, e.g. 0.05")
    clusters = tuple(cluster or ())
    attempts = read_verdicts(file, Columns(verdict, clusters, truth, inclusion))
    whole = these or not clusters
    estimand = Estimand.THESE_ATTEMPTS if whole else Estimand.NEW_ATTACKS
    figure = judged_rate(
        "verdicts.hits",
        attempts,
        unit="+".join(clusters) or None,
        measure=judge,
        by={"file": file.name},
        estimand=estimand,
    ).to_json()
    plan = None
    if half_width is not None:
        plan = audit_to_do(attempts, half_width, seed=seed, estimand=estimand)
        if plan_to is not None:
            write_plan(plan_to, plan.answers, plan.inclusion_N)
    if as_json:
        rows = None if plan is None else [place + 1 for place in plan.answers]
        typer.echo(json.dumps({"figure": figure, "rows_to_check": rows}, indent=1))
        return
    typer.echo(rate_in_words(figure))
    if figure["note"]:
        typer.echo(figure["note"])
    if plan is None or half_width is None:
        return
    if not plan.reachable:
        typer.echo(
            f"no audit of these rows gives ± {100 * half_width:.3g} points (all of them checked:"
            f" ± {100 * plan.half_width:.1f}); about {plan.clusters_needed} clusters would"
        )
    elif not plan.answers:
        typer.echo(f"nothing to check: expected ± {100 * plan.half_width:.1f} points as it is")
    else:
        typer.echo(
            f"to get ± {100 * half_width:.3g} points, check {len(plan.answers)} more answers"
            f" ({plan.hits} called hits, {plan.safes} called safe): rows"
            f" {', '.join(str(place + 1) for place in plan.answers[:12])}"
            f"{' …' if len(plan.answers) > 12 else ''}"
        )
