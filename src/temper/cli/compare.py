"""`temper compare`: what changed between two runs or models, and whether chance could have."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from temper.cli.caps import MaxCost, MaxMinutes, MaxQueries, MaxTokens, given_caps

GATE_FAILED = 100


def compare(
    before: Annotated[str, typer.Argument(help="A run (folder, or name under runs/), or a model.")],
    after: Annotated[
        str, typer.Argument(help="A run of the same protocol on another target, or a model.")
    ],
    fail_if_worse: Annotated[
        bool, typer.Option("--fail-if-worse", help="Exit with code 100 where a rate got worse.")
    ] = False,
    margin: Annotated[
        float,
        typer.Option(min=0, max=1, help="Of the gate: worse by how much, 0.02 for 2 points."),
    ] = 0.0,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict", help="Exit with code 100 unless every interval lies within the margin."
        ),
    ] = False,
    junit: Annotated[
        Path | None, typer.Option(help="Write the gate's result here as JUnit XML.")
    ] = None,
    null: Annotated[
        str | None,
        typer.Option(help="A run like BEFORE with another seed: what chance does to a search."),
    ] = None,
    allow_unlike: Annotated[
        bool,
        typer.Option("--allow-unlike", help="Compare unlike protocols; the result is stamped."),
    ] = False,
    queries: Annotated[
        int, typer.Option(min=0, help="Models: of each fresh search, two against each side.")
    ] = 2_000,
    attacks: Annotated[int, typer.Option(min=2, help="Models: measured of each search.")] = 50,
    items: Annotated[int, typer.Option(min=12, help="Models: prompts of each suite.")] = 300,
    red: Annotated[
        str | None,
        typer.Option(help="Models: who writes attacks on both.", show_default="BEFORE"),
    ] = None,
    max_queries: MaxQueries = None,
    max_tokens: MaxTokens = None,
    max_cost: MaxCost = None,
    max_minutes: MaxMinutes = None,
    out: Annotated[
        str | None,
        typer.Option(help="Models: run folder.", show_default="runs/compare-BEFORE-AFTER-SEED"),
    ] = None,
    threads: Annotated[int | None, typer.Option(help="Models: torch threads.")] = None,
    seed: Annotated[int, typer.Option(help="Decides searches and resampling.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object.")] = False,
) -> None:
    """Compare two runs rate by rate, or two models by fresh searches, attacks and use.

    Rates on the same attacks or problems are compared in pairs, others as fresh searches. A change
    counts where its p-value, adjusted for the number of rates, is at most 5 %. The verdict is one
    of: real gain, overfitted to these attacks, traded for utility, worse, cannot tell.
    """
    from temper.campaigns.compare import compare_runs, is_run, refuse_mixed
    from temper.cli.compare_summary import print_changes
    from temper.cli.harden_summary import print_sides
    from temper.cli.summary import exit_if_partial
    from temper.evaluate.gate import checked, stopped_xml

    if is_run(before) and is_run(after) and not _is_hardened(after):
        found = compare_runs(before, after, allow_unlike=allow_unlike, seed=seed, null=null)
        if not as_json:
            print_changes(found)
    else:
        refuse_mixed(before, after)
        options = {"queries": queries, "attacks": attacks, "items": items}
        caps = given_caps(max_queries, max_tokens, max_cost, max_minutes)
        sections = {"run": {"seed": seed}, "compare": options, "budget": caps}
        folder, found = _models(before, after, red, out, threads, sections)
        if not as_json:
            print_sides(folder, found)
    if as_json:
        typer.echo(json.dumps(found, indent=1))
    if "partial" in found and junit:
        _write(junit, stopped_xml(found["partial"]["reason"]))
    exit_if_partial(found)
    if fail_if_worse or strict or junit:
        _gate(checked(found), fail_if_worse or strict, margin, strict, junit)


def _is_hardened(name: str) -> bool:
    """A folder of `temper harden` stands for the model in it."""
    from temper.campaigns.compare_models import model_of

    return model_of(name) != name


def _models(
    before: str,
    after: str,
    red: str | None,
    out: str | None,
    threads: int | None,
    sections: Mapping[str, Any],
) -> tuple[Path, dict[str, Any]]:
    from temper.campaigns.compare_models import model_of, run_compare
    from temper.cli.progress import Console
    from temper.config import CompareRun, parse_sections
    from temper.run_folder import run_path

    raw = dict(sections)
    for side, name in (("before", before), ("after", after), ("red", red)):
        if name is not None:
            raw[side] = {"name": model_of(name), "threads": threads}
    config = parse_sections(raw, CompareRun)
    labels = "-".join(Path(name).name for name in (before, after))
    folder = run_path(out or f"compare-{labels}-{config.run.seed}")
    with Console() as console:
        outcome = run_compare(config, folder, console)
    return outcome.folder, outcome.results


def _gate(rows: Any, shuts: bool, margin: float, strict: bool, junit: Path | None) -> None:
    from temper.evaluate.gate import gate_failures, junit_xml
    from temper.evaluate.unlike import facets_in_words

    if junit is not None:
        _write(junit, junit_xml(rows, margin, strict=strict))
    if not shuts:
        return
    failures = gate_failures(rows, margin, strict=strict)
    for row, why in failures:
        typer.echo(f"gate    {row.name}: {facets_in_words(row.by)}: {why}", err=True)
    if failures:
        raise typer.Exit(GATE_FAILED)


def _write(junit: Path, text: str) -> None:
    from temper.errors import ArtifactError
    from temper.run_folder import write_whole

    try:
        junit.parent.mkdir(parents=True, exist_ok=True)
        write_whole(junit, text)
    except OSError as error:
        raise ArtifactError(f"--junit {junit} cannot be written: {error.strerror}") from error
