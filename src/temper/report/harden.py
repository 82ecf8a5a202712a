"""The page of a hardening: the verdict, before beside after, and the curves over training."""

from collections.abc import Mapping, Sequence
from typing import Any

from temper.report.charts import Spec, finish
from temper.report.figures import find_figure, find_figures, tables_of
from temper.report.page import render_page

Row = Mapping[str, Any]
Curves = Mapping[str, Sequence[Sequence[float]]]
SPLITS = {
    "same": "found on the first side",
    "trained": "trained on",
    "held_out": "other findings, never trained on",
    "held_families": "families never trained on",
    "held_out_pirs": "prompt inversion, other seeds",
    "independent_red": "another family's red model",
    "ood": "strange, by hand",
    "sycophancy": "wrong opinions",
    "explored": "beginnings of its own texts",
    "unprompted": "unprompted",
    "fresh": "fresh searches",
}
ATTACKS = ("attack.targeted", "exploit.failure_rate")
"""Sums are steered; talk fails."""
STUCK = 0.97
"""Failures among answers to one attack from which on a group holds hardly any that pass."""


def harden_page(results: Mapping[str, Any]) -> str:
    """The whole page as text."""
    figures = results["figures"]
    return render_page(
        "harden.html",
        {
            "attacks": _shares(results["curves"], "attack/", "attempts that succeed"),
            "uses": _shares(results["curves"], "use/", "right answers"),
            "training": _training(results["curves"]),
        },
        title="Hardening by training" if results["kind"] == "harden" else "Two models compared",
        headline=headline(results),
        hidden_facets=("target", "mitigation"),
        results=results,
        attacks=attack_rows(figures),
        uses=side_rows(figures, "utility.accuracy", "suite"),
        searches=search_rows(figures),
        rounds=round_rows(figures),
        splits=SPLITS,
        tables=tables_of(figures),
    )


def headline(results: Mapping[str, Any]) -> str:
    verdict, before = results["verdict"], results["target"]["name"]
    if results["hardened"] is None:
        return f"{before}: the training did not come to its end, and nothing was measured."
    after = results["hardened"]["name"]
    if verdict is None:
        return f"Before {before}, after {after}. No verdict: what it rests on is not finished."
    reasons = "; ".join(verdict["reasons"])
    stuck = no_way_out(results)
    more = f" {stuck[0].upper()}{stuck[1:]}." if stuck else ""
    return f"Before {before}, after {after}. Verdict: {verdict['word']} ({reasons}).{more}"


def no_way_out(results: Mapping[str, Any]) -> str | None:
    """Why reinforcement learning won nothing where every answer had failed before."""
    if not set(results["protocol"].get("harden.methods", ())) & {"rl", "rl_ai"}:
        return None
    rates = [
        next(find_figures(results["figures"], name, side=side, split="trained"), None)
        for side in ("before", "after")
        for name in ATTACKS
    ]
    known = [rate["value"] for rate in rates if rate and rate["value"] is not None]
    if len(known) != 2 or known[0] < STUCK or known[1] < STUCK * known[0]:
        return None
    return (
        f"{known[0]:.0%} of answers to the attacks trained on failed before, so reinforcement"
        " learning had next to nothing to reward: put another method first (harden.methods), or"
        " train on attacks that leave a way out"
    )


def side_rows(
    figures: Sequence[Row], name: str, facet: str, order: Sequence[str] | None = None
) -> list[dict[str, Any]]:
    """For each split or suite: before, after, and the change where the prompts were the same."""
    cells = list(dict.fromkeys(f["by"][facet] for f in figures if _is_side(f, name, facet)))
    known = [cell for cell in order or cells if cell in cells]
    change = "change.attack" if name in ATTACKS else "change.use"
    return [
        {
            "cell": cell,
            **{side: find_figure(figures, name, side=side, **{facet: cell}) for side in SIDES},
            "wrong": {
                side: find_figure(figures, "attack.untargeted", side=side, **{facet: cell})
                for side in SIDES
            },
            "change": find_figure(figures, change, **{facet: cell}),
        }
        for cell in known
    ]


def attack_rows(
    figures: Sequence[Row], splits: Sequence[str] = tuple(SPLITS)
) -> list[dict[str, Any]]:
    """One row a split, whichever rate of attacks there is."""
    return [row for name in ATTACKS for row in side_rows(figures, name, "split", splits)]


SIDES = ("before", "after")


def _is_side(figure: Row, name: str, facet: str) -> bool:
    return figure["name"] == name and "side" in figure["by"] and facet in figure["by"]


def search_rows(figures: Sequence[Row]) -> list[dict[str, Any]]:
    """One row a fresh search: what it found, and how well its best attacks work."""
    rows: list[dict[str, Any]] = []
    for figure in figures:
        by = figure["by"]
        if figure["name"] != "search.accepted" or "search" not in by:
            continue
        facets = {"side": by["side"], "search": by["search"]}
        rows.append(
            {
                **facets,
                "accepted": figure,
                "distinct": find_figure(figures, "findings.distinct", **facets),
                "first": find_figure(figures, "attack.queries_to_first_hit", **facets),
                "rate": _attacked(figures, side=by["side"], split=f"fresh {by['search']}"),
            }
        )
    return rows


def _attacked(figures: Sequence[Row], **facets: Any) -> Row | None:
    found = (find_figure(figures, name, **facets) for name in ATTACKS)
    return next((figure for figure in found if figure), None)


def round_rows(figures: Sequence[Row]) -> list[dict[str, Any]]:
    """One row a later round: what a search found against the model as it was."""
    return [
        {
            "round": figure["by"]["round"],
            "rate": figure,
            "accepted": find_figure(figures, "search.accepted", round=figure["by"]["round"]),
            "distinct": find_figure(figures, "findings.distinct", round=figure["by"]["round"]),
        }
        for figure in figures
        if figure["name"] == "attack.targeted" and "round" in figure["by"]
    ]


def _shares(curves: Curves, prefix: str, title: str) -> Spec | None:
    """Curves of shares whose names begin so."""
    named = {
        name.removeprefix(prefix): points
        for name, points in curves.items()
        if name.startswith(prefix)
    }
    return _drawn(named, title)


def _training(curves: Curves) -> Spec | None:
    """What a training saw of itself."""
    named = {name: points for name, points in curves.items() if _is_plotted(name)}
    return _drawn(named, None)


def _drawn(curves: Curves, title: str | None) -> Spec | None:
    share = title is not None
    rows = [
        {"curve": name, "step": step, "value": value}
        for name, points in curves.items()
        for step, value in points
    ]
    if not rows:
        return None
    import altair as alt

    axis = alt.Axis(format="%") if share else alt.Axis()
    scale = alt.Scale(domain=[0, 1]) if share else alt.Scale()
    chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_line(point=share)
        .encode(
            x=alt.X("step:Q", title="training steps"),
            y=alt.Y("value:Q", title=title, axis=axis, scale=scale),
            color=alt.Color("curve:N", title=None),
            tooltip=["curve:N", "step:Q", alt.Tooltip("value:Q", format=".3f")],
        )
    )
    return finish(chart)


def _is_plotted(name: str) -> bool:
    return name.endswith(("/loss", "/reward", "/kl")) or "/grader/" in name or "/right/" in name
