"""The page of several hardenings: every target before and after, means over the seeds."""

from collections.abc import Mapping
from typing import Any

from temper.report.figures import tables_of
from temper.report.harden import SPLITS, attack_rows, side_rows
from temper.report.page import render_page


def hardenings_page(results: Mapping[str, Any]) -> str:
    """The whole page as text."""
    return render_page(
        "hardenings.html",
        {},
        title="Hardening by training, over seeds",
        headline=_headline(results),
        hidden_facets=(),
        results=results,
        targets=target_rows(results),
        splits=SPLITS,
        tables=tables_of(results["figures"]),
    )


def target_rows(results: Mapping[str, Any]) -> list[dict[str, Any]]:
    """For each target its attacks and its use, before beside after."""
    names = dict.fromkeys(one["target"]["name"] for one in results["hardenings"])
    rows: list[dict[str, Any]] = []
    for name in names:
        mine = [
            one
            for one in results["figures"]
            if one["by"].get("target") == name and one["by"].get("side") != "ladder"
        ]
        rows.append(
            {
                "target": name,
                "attacks": attack_rows(mine),
                "uses": side_rows(mine, "utility.accuracy", "suite"),
            }
        )
    return rows


def _headline(results: Mapping[str, Any]) -> str:
    words = [one["verdict"]["word"] for one in results["hardenings"]]
    counted = ", ".join(f"{words.count(word)} {word}" for word in dict.fromkeys(words))
    return f"{len(words)} hardening{'s' if len(words) > 1 else ''}: {counted}."
