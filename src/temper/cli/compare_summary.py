"""What a comparison of two runs prints: every rate before and after, then the verdict."""

from collections.abc import Mapping, Sequence
from typing import Any

import typer

from temper.evaluate.unlike import facets_in_words
from temper.report.figures import rate_in_words


def print_changes(found: Mapping[str, Any]) -> None:
    """Both sides of every rate with what it must carry, what was left out, the verdict."""
    line = unknowns_in_words(found["changes"])
    if line:
        typer.echo(line)
    for key in ("before", "after"):
        side = found[key]
        typer.echo(f"{key:<7}{side['run']}: {side['name']} ({side['hash']})")
    if found["same_target"]:
        typer.echo("one and the same target: changes show what chance and settings do")
    for part in found["unlike"]:
        typer.echo(f"UNLIKE PROTOCOLS: {part}")
    for change in found["changes"]:
        typer.echo(f"\n{change['name']}: {facets_in_words(change['by'])}")
        typer.echo(f"  before  {rate_in_words(change['before'])}")
        typer.echo(f"  after   {rate_in_words(change['after'])}")
        typer.echo(f"  {change_in_words(change)}")
    for line in found["left_out"]:
        typer.echo(f"left out  {line}")
    count = len(found["changes"])
    typer.echo(f"\n{found['worse']} of {count} rates got worse, p adjusted for {count} comparisons")
    typer.echo(f"verdict {found['verdict']['word']}")
    for reason in found["verdict"]["reasons"]:
        typer.echo(f"  {reason}")


def unknowns_in_words(changes: Sequence[Mapping[str, Any]]) -> str | None:
    """Said first where answers that could not be read could turn what is said of a change."""
    open_ones = [change for change in changes if change["open"]]
    if not open_ones:
        return None
    widest = max(open_ones, key=lambda change: change["possible"][1] - change["possible"][0])
    low, high = (100 * end for end in widest["possible"])
    return (
        f"unreadable answers could change the conclusion of {len(open_ones)} of {len(changes)}"
        f" comparisons; the widest ({widest['name']}) lies anywhere between {low:+.1f} and"
        f" {high:+.1f} points"
    )


def change_in_words(change: Mapping[str, Any]) -> str:
    """Say "+3.1 points [-0.2, 6.4], paired by attack (40), adjusted p 0.12: no change shown"."""
    value, low, high = (100 * change[key] for key in ("value", "low", "high"))
    paired = f"paired by {change['unit']} ({change['pairs']})"
    how = paired if change["pairs"] else change["unit"]
    p_value = change["adjusted"]
    p_words = "p < 0.001" if p_value < 0.001 else f"p {p_value:.3f}"
    return (
        f"{value:+.1f} points [{low:+.1f}, {high:+.1f}], {how}, adjusted {p_words}:"
        f" {change['verdict']}{', open by unreadable answers' if change['open'] else ''}"
    )
