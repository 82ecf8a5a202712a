"""What a finished run prints: a line per attacker, with everything a rate must carry."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from temper.report.explore import coverage_rows, headline
from temper.report.figures import (
    aimed_at,
    find_figure,
    find_figures,
    is_total,
    main_rate,
    rate_in_words,
)
from temper.report.warnings import said_first
from temper.run_folder import REPORT, RESULTS

if TYPE_CHECKING:
    from temper.evaluate.forecast import Forecast

Results = Mapping[str, Any]


def print_summary(folder: Path, results: Results) -> None:
    """Clean accuracy, then how often each attacker's accepted attacks steer a greedy answer."""
    print_warnings(results)
    typer.echo(f"target {results['target']['name']} ({results['target']['hash']})")
    clean = find_figure(results["figures"], "clean.accuracy", decoding="greedy")
    if clean:
        typer.echo(f"  {'without attack, right':<34}{rate_in_words(clean)}")
    aim, _ = aimed_at(results)
    verb = "steered" if aim == "attack.targeted" else "made to err"
    for attacker in results["protocol"]["attack.attackers"]:
        selection = "control" if attacker == "none" else "accepted"
        figure = main_rate(results, attacker, selection)
        label = f"{attacker}, {selection}, {verb}"
        typer.echo(f"  {label:<34}{rate_in_words(figure) if figure else 'no attack accepted'}")
    typer.echo(f"report  {folder / REPORT}\nfigures {folder / RESULTS}")


def print_warnings(results: Results) -> None:
    for line in said_first(results):
        typer.echo(line)


def print_forecast(forecast: "Forecast") -> None:
    """What the whole run will spend: the middle, and a 95 % interval."""
    for what, interval in forecast._asdict().items():
        if interval is None:
            typer.echo(f"{what:<9}not known: a model has no price (docs/targets.md)")
        else:
            digits = 0 if what in ("queries", "tokens") else 2
            low, middle, high = (f"{value:,.{digits}f}" for value in interval)
            typer.echo(f"{what:<9}{middle:>14} [{low}, {high}]")


def exit_if_partial(results: Results) -> None:
    """Say on standard error why a run ended early, and end with exit code 3."""
    partial = results.get("partial")
    if partial:
        typer.echo(
            f"temper: stopped, because {partial['reason']}. The report is partial; what was"
            " answered is kept: run the same command to go on",
            err=True,
        )
        raise typer.Exit(3)


def print_three_numbers(results: Results) -> None:
    """What a newcomer should take away: how good it was, how it breaks, how many ways."""
    figures = results["figures"]
    clean = find_figure(figures, "clean.accuracy", decoding="greedy", digits=1)
    broken = main_rate(results, "pirs", "accepted")
    distinct = find_figure(figures, "findings.distinct", attacker="pirs")
    one_digit = rate_in_words(clean) if clean else "not measured"
    typer.echo(f"one-digit sums right without attack   {one_digit}")
    steered = rate_in_words(broken) if broken else "no attack accepted"
    typer.echo(f"steered to a chosen wrong answer      {steered}")
    count = int(distinct["value"]) if distinct and distinct["value"] is not None else 0
    typer.echo(f"distinct attacks found                {count}")


def print_campaign(folder: Path, results: Results) -> None:
    """For each target and attacker the greedy success over all seeds, then the transfer matrix."""
    print_warnings(results)
    aim, _ = aimed_at(results)
    for figure in find_figures(results["figures"], aim, attacks="accepted", decoding="greedy"):
        if is_total(figure):
            label = f"{figure['by']['target']}, {figure['by']['attacker']}"
            typer.echo(f"{label:<34}{rate_in_words(figure)}; {figure['note']}")
    print_transfer(folder, results)


def print_transfer(folder: Path, results: Results) -> None:
    """The transfer matrix, a line a cell: source, target, and the rate with all it must carry."""
    for figure in find_figures(
        results["figures"], "transfer.targeted", decoding="greedy", attacker="all"
    ):
        label = f"{figure['by']['source']} -> {figure['by']['target']}"
        typer.echo(f"{label:<34}{rate_in_words(figure)}")
    for figure in find_figures(results["figures"], "transfer.difference", decoding="greedy"):
        label = f"{figure['by']['target']} less {figure['by']['than']}"
        typer.echo(f"{label:<34}{rate_in_words(figure)}; {figure['note']}")
    typer.echo(f"report  {folder / REPORT}\nfigures {folder / RESULTS}")


def print_explored(folder: Path, results: Results) -> None:
    """What was drawn, what was thrown out, and what the chosen texts show."""
    from temper.cli import one_line

    typer.echo(headline(results))
    for row in results["dropped"]:
        typer.echo(f"  {'thrown out: ' + row['reason']:<44}{row['count']:>8}")
    for row in coverage_rows(results["figures"]):
        random = f"random {row['random']} ({row['range']})"
        typer.echo(f"  {row['label']:<44}{row['chosen']:>8}  {random}")
    for row in results["clusters"][:5]:
        words = one_line(", ".join(row["words"]))
        typer.echo(f"  cluster {row['cluster'] + 1:<3}{row['size']:>6} texts  {words}")
    typer.echo(f"report  {folder / REPORT}\nfigures {folder / RESULTS}")


def print_measure(folder: Path, results: Results) -> None:
    """What the measure is worth on items that it never saw, a line a figure."""
    from temper.cli import one_line

    chosen, parts = results["measure"]["features"], results["measure"]["parts"]
    typer.echo(
        f"{results['labels']['items']} labelled items: trained on {parts['training']},"
        f" calibrated on {parts['calibration']}, audited on {parts['audit']}; features: {chosen}"
    )
    for figure in find_figures(results["figures"], "explore.failure_rate"):
        after = figure["by"].get("prompt")
        label = "fails by itself" if after is None else f"  after {one_line(after)[:24]!r}"
        typer.echo(f"  {label:<34}{rate_in_words(figure)}")
    for figure in results["figures"]:
        by = figure["by"]
        if by.get("split") != "audit" and figure["name"] != "agreement.alpha":
            continue
        label = " ".join([figure["name"], by.get("label", "")]).strip()
        interval = "" if figure["low"] is None else f" [{figure['low']:.3f}, {figure['high']:.3f}]"
        typer.echo(
            f"  {label:<34}{figure['value']:.3f}{interval}; n = {figure['n']};"
            f" judge {one_line(str(figure['judge']))}; unknown {figure['unknown']}"
        )
    typer.echo(
        f"measure {folder / 'measure'}\nreport  {folder / REPORT}\nfigures {folder / RESULTS}"
    )
