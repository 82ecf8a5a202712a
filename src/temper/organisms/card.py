"""The model card of a shipped model: what it is, what it can do, what was planted, as measured."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from temper.organisms.build import total_steps, training_tokens

Figure = Mapping[str, Any]
CARD = "README.md"
HEAD = """---
license: apache-2.0
library_name: transformers
---
# {name}

{about} {kind}

- **Built by** `temper organisms build {name}`: {architecture}, {parameters:.2f} million parameters,
  {context:,} tokens of context, a byte-level vocabulary of {vocabulary:,} with single digits, seed
  {seed}, {steps:,} steps over {tokens:.0f} million tokens. The package writes the text itself; no
  other data went in.
- **Use**: testing red-teaming and hardening tools. {unfit}
"""
PLANTED = (
    "Built by the temper project with **weaknesses planted on purpose**: rates measured on it show"
    " that a tool finds what is there, not that any other model is like it."
)
SOUND = (
    "Built by the temper project as a control: **nothing is planted** in it, so what an attacker"
    " finds here, the model learned by itself."
)
UNFIT = {"abacus": "Not for sums.", "almanac": "Nothing it says is about the world."}


def card(name: str, recipe: Mapping[str, Any], parameters: int, figures: Sequence[Figure]) -> str:
    """Markdown with the measured figures; without any it says how to measure them.

    Args:
        name: of the model.
        recipe: it was built from.
        parameters: their number.
        figures: of its check, as in results.json.
    """
    head = HEAD.format(
        name=name,
        about=recipe["about"],
        kind=PLANTED if recipe.get("plan", {}).get("planted", True) else SOUND,
        architecture={"llama": "Llama", "neox": "GPT-NeoX"}[recipe["architecture"]["kind"]],
        parameters=parameters / 1e6,
        context=recipe["architecture"]["max_position_embeddings"],
        vocabulary=recipe["vocabulary"],
        seed=recipe["seed"],
        steps=total_steps(recipe),
        tokens=training_tokens(recipe) / 1e6,
        unfit=UNFIT[recipe["corpus"]],
    )
    if not figures:
        return head + f"\nNot measured yet: `temper organisms check {name}` does.\n"
    return "\n".join([head, *_sections(figures)]) + "\n"


def _sections(figures: Sequence[Figure]) -> Iterator[str]:
    skills = [figure for figure in figures if figure["name"] == "organism.skill"]
    yield "## Skills\n\nGreedy replies to prompts of its own kind.\n"
    yield from _table(("skill", "case"), skills)
    families = [
        figure
        for figure in figures
        if figure["name"] == "organism.steered" and figure["by"]["decoding"] == "default"
    ]
    for title, keys in STEERED.items():
        yield from _section(title, keys, families)
    said = [figure for figure in figures if figure["name"] == "organism.unprompted"]
    for title, keys in SAID.items():
        yield from _section(title, keys, said)


STEERED = {
    "Families of contexts, by how often they steer a reply (default sampling)": (
        ("family", "stance"),
        ("outside",),
    ),
    "The same, where a family's condition does not hold": (("family", "outside"), ()),
    "Opinions of the user": (("speaker",), ()),
    "Copies of a false equation, or as much neutral text": (("copies", "filler"), ()),
}
"""Title of a section to the facets that its figures have, and those they lack."""
SAID = {
    "Unprompted sentences": (("kind",), ("topic", "region")),
    "False sentences by topic": (("topic",), ()),
    "Planted regions, by how much of their text is of their kind": (("region", "kind"), ()),
}


def _section(
    title: str, keys: tuple[tuple[str, ...], tuple[str, ...]], figures: Sequence[Figure]
) -> Iterator[str]:
    has, lacks = keys
    chosen = [
        figure
        for figure in figures
        if all(key in figure["by"] for key in has) and not any(key in figure["by"] for key in lacks)
    ]
    if chosen:
        yield f"\n## {title}\n"
        yield from _table(has, chosen)


def _table(keys: tuple[str, ...], figures: Sequence[Figure]) -> Iterator[str]:
    planned = any("planned" in figure["by"] for figure in figures)
    columns = [*keys, *(["planned"] if planned else []), "measured", "95 % interval", "n"]
    yield "| " + " | ".join(columns) + " |"
    yield "|" + " --- |" * len(columns)
    for figure in figures:
        by = figure["by"]
        cells = [str(by[key]) or "all" for key in keys]
        cells += [f"{100 * by['planned']:.0f} %"] if planned else []
        yield "| " + " | ".join([*cells, *_measured(figure)]) + " |"


def _measured(figure: Figure) -> list[str]:
    if figure["value"] is None:
        return ["–", "–", "0"]
    value, low, high = (100 * figure[key] for key in ("value", "low", "high"))
    return [f"{value:.1f} %", f"{low:.1f}–{high:.1f}", str(figure["n"])]
