"""The card of a saved measure: what it judges, what it rests on, what it is not known to do."""

from collections.abc import Mapping
from typing import Any

from temper.establish.measure import LearnedMeasure


def write_card(measure: LearnedMeasure, results: Mapping[str, Any]) -> str:
    """Markdown; figures are those of the audit slice."""
    concern, labels = results["concern"], results["labels"]
    noise = labels.get("noise")
    lines = [
        f"# Measure {measure.name}",
        "",
        f"Concern: {concern['text'] or '(not put into words)'}",
        "",
        f"Judges text as {', '.join(measure.labels)}; failure: {', '.join(measure.failure)};"
        f" a hit from P(failure) {measure.threshold}"
        + (f"; could not tell between {measure.abstain}" if measure.abstain else "")
        + ".",
        "",
        f"Trained with temper on {labels['items']} labelled items"
        f" ({', '.join(f'{name} {count}' for name, count in labels['by_label'].items())}),"
        f" labelled by {', '.join(labels['by_annotator'])};"
        f" features: {results['measure']['features']}.",
        "",
        *([f"{noise['said']}; P(failure) sees through them.", ""] if noise else []),
        "| figure on the audit slice | value | 95 % interval | n |",
        "|---|---|---|---|",
    ]
    for figure in results["figures"]:
        if figure["by"].get("split") != "audit":
            continue
        name = " ".join([figure["name"].removeprefix("measure."), figure["by"].get("label", "")])
        interval = "–" if figure["low"] is None else f"{figure['low']:.3f} to {figure['high']:.3f}"
        lines.append(f"| {name.strip()} | {figure['value']:.3f} | {interval} | {figure['n']} |")
    lines += [
        "",
        "Its errors were measured on text like that which it was trained on. On attacked text, or"
        " on another model's, they are unknown until a sample of that very text is audited. It"
        " judges by what the labels above meant under their guideline, and by nothing else.",
        "",
    ]
    return "\n".join(lines)
