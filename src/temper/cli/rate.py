"""`temper rate`: an honest rate from any tool's verdicts."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from temper.stats import AuditPlan, CorrectedRate, Estimate


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
        str | None,
        typer.Option(
            help="Column of what an audit found; empty where not audited.",
            show_default="truth, if there",
        ),
    ] = None,
    inclusion: Annotated[
        str | None,
        typer.Option(
            help="Column of the chance to be audited, as --plan-to writes it.",
            show_default="inclusion, if there",
        ),
    ] = None,
    judge: Annotated[str, typer.Option(help="Who gave the verdicts.")] = "judge",
    circular: Annotated[
        str | None,
        typer.Option(help="Stamp the rate: why this judge alone proves nothing."),
    ] = None,
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
    from temper.evaluate.audited import audit_to_do, correction, judged_rate
    from temper.evaluate.verdict_file import Columns, read_verdicts, write_plan
    from temper.report.figures import rate_in_words
    from temper.report.warnings import first_lines
    from temper.stats import Estimand

    if half_width is not None and not 0 < half_width < 0.5:
        raise ConfigError(f"--half-width {half_width}: it lies between 0 and 0.5, e.g. 0.05")
    if plan_to is not None and half_width is None:
        raise ConfigError("--plan-to keeps a plan: say with --half-width how sharp it shall be")
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
        circular=circular,
    ).to_json()
    audit = correction(attempts, estimand)
    plan = None
    if half_width is not None:
        plan = audit_to_do(attempts, half_width, seed=seed, estimand=estimand)
        if plan_to is not None:
            write_plan(plan_to, plan.answers, plan.inclusion_N)
    if as_json:
        typer.echo(json.dumps({"figure": figure, **_to_json(audit, plan)}, indent=1))
        return
    for line in (*first_lines([figure]), rate_in_words(figure), figure["note"]):
        typer.echo(line)
    if audit is not None:
        typer.echo(_audit_in_words(audit))
    if plan is not None and half_width is not None:
        typer.echo(_plan_in_words(plan, half_width))


def _to_json(audit: "CorrectedRate | None", plan: "AuditPlan | None") -> dict[str, Any]:
    def rounded(one: "Estimate | None") -> list[float] | None:
        return one and [float(f"{part:.6g}") for part in (one.value, *one.interval)]

    return {
        "audit": audit
        and {
            "sensitivity": rounded(audit.sensitivity),
            "specificity": rounded(audit.specificity),
            "cross_check": rounded(audit.cross_check),
            "effective_n": float(f"{audit.effective_n:.6g}"),
            "tuning": float(f"{audit.tuning:.6g}"),
        },
        "plan": plan
        and {
            "half_width": float(f"{plan.half_width:.6g}"),
            "reachable": plan.reachable,
            "clusters_needed": plan.clusters_needed,
        },
        "rows_to_check": plan and [place + 1 for place in plan.answers],
    }


def _audit_in_words(audit: "CorrectedRate") -> str:
    """Say how the judge errs on these rows, and what the classical correction makes of it."""
    from temper.report.figures import percent

    def words(one: "Estimate | None") -> str:
        if one is None:
            return "an unknown share"
        return f"{percent(one.value)} [{percent(one.interval.low)}, {percent(one.interval.high)}]"

    check = words(audit.cross_check) if audit.cross_check else "impossible"
    return (
        f"by the audit of {audit.audited} the judge finds {words(audit.sensitivity)} of the hits"
        f" and clears {words(audit.specificity)} of the safe answers; cross-check (Rogan and"
        f" Gladen) {check}; worth {audit.effective_n:.0f} answers of known truth"
    )


def _plan_in_words(plan: "AuditPlan", half_width: float) -> str:
    wanted, expected = f"± {100 * half_width:.3g} points", f"± {100 * plan.half_width:.1f}"
    if not plan.reachable:
        return (
            f"no audit of these rows gives {wanted} (all of them checked: {expected}); about"
            f" {plan.clusters_needed} clusters would"
        )
    if not plan.answers:
        return f"nothing to check: expected {expected} points as it is"
    first = ", ".join(str(place + 1) for place in plan.answers[:12])
    return (
        f"to get {wanted}, check {len(plan.answers)} more answers ({plan.hits} called hits,"
        f" {plan.safes} called safe): rows {first}{' …' if len(plan.answers) > 12 else ''}"
    )
