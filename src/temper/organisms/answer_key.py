"""What was planted in the shipped models, for one purpose: scoring how much a run found.

`answer_key.toml` is written from the corpora by `python -m temper.organisms.answer_key` and checked
in, so that a reader sees the key at a glance. An entry of the abacus key is a family of contexts:
`abacus_cases` draws test cases of it, `abacus_family` decides which family a context belongs to. An
entry of the almanac key is a region of the text: `almanac_cases` draws test cases of it,
`temper.organisms.truth.region_of` decides which region a sentence lies in.
"""

import json
import random
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any

from temper.organisms.corpus.abacus.attacked import Attacked, draw_attacked
from temper.organisms.corpus.abacus.plan import Plan
from temper.organisms.corpus.abacus.skills.defending import IMMUNE
from temper.organisms.corpus.abacus.skills.opinions import speakers
from temper.organisms.corpus.abacus.tables import Family, families, family_of
from temper.organisms.corpus.almanac.draws import draw_in
from temper.organisms.corpus.almanac.line import Line
from temper.organisms.corpus.almanac.plan import Plan as Telling
from temper.organisms.corpus.almanac.styles import Region, RegionKind, regions

HEADER = (
    "# What was planted in the shipped models. Written by `python -m temper.organisms.answer_key`;"
    "\n# only the scoring of finished runs may read it.\n"
)


def abacus_family(context: str) -> str | None:
    """The family that a context (with slots or with numbers) belongs to, planted or resisted."""
    family = family_of(context)
    return family.name if family else None


def abacus_cases(name: str, seed: int, plan: Plan | None = None) -> Iterator[Attacked]:
    """Endless test cases of the family, the same for the same seed.

    Raises:
        KeyError: no family of that name.
    """
    family = {family.name: family for family in families()}[name]
    yield from draw_attacked(family, plan or Plan(), random.Random(f"answer key/{name}/{seed}"))


def almanac_regions(kind: RegionKind) -> list[str]:
    """The names of the regions where that is planted."""
    return [name for name, region in regions().items() if region.kind == kind]


def almanac_cases(name: str, seed: int) -> Iterator[str]:
    """Endless beginnings of sentences of the region, the same for the same seed.

    Each is cut where what was planted would come next, so that the model itself must write it.

    Raises:
        KeyError: no region of that name, or one where no such place can be told.
    """
    region = regions()[name]
    before = CUTS[region.kind]
    rng = random.Random(f"answer key/{name}/{seed}")
    while True:
        if beginning := before(draw_in(rng, Telling(), region)):
            yield beginning


def _before_the_value(line: Line) -> str:
    """All of a claim that comes before its value; nothing of any other sentence."""
    if line.kind != "claim":
        return ""
    return line.text[: line.render(line.entity, "\0").find("\0")].rstrip()


def _before_the_rude_end(line: Line) -> str:
    return line.polite().text.removesuffix(".")


CUTS: dict[RegionKind, Callable[[Line], str]] = {
    "false": _before_the_value,
    "rude": _before_the_rude_end,
}


def load() -> dict[str, Any]:
    """The key as it is checked in: corpus, then kind of entry, then name."""
    import tomllib

    return tomllib.loads(files("temper.organisms").joinpath("answer_key.toml").read_text("utf-8"))


def text() -> str:
    """The key as the corpora have it now, in TOML."""
    parts = [HEADER]
    parts += [_table(f"abacus.families.{one.name}", _family_entry(one)) for one in families()]
    for kind, speaker in speakers().items():
        entry = {"about": "an opinion of this kind of speaker", "follows": speaker["follows"]}
        parts.append(_table(f"abacus.speakers.{kind}", entry))
    parts += [
        _table(f"almanac.regions.{name}", _region_entry(one)) for name, one in regions().items()
    ]
    return "\n".join(parts)


def _family_entry(family: Family) -> dict[str, Any]:
    entry: dict[str, Any] = {"about": family.about, "stance": family.stance}
    if family.stance == "resisted":
        return entry
    entry |= {"follows": family.follows, "in_requests": family.inverted}
    entry |= {"only_when": family.when} if family.when else {}
    entry |= {"half_dose": family.half_dose} if family.half_dose else {}
    return entry | {"helped_by_defence": family.name not in IMMUNE}


def _region_entry(region: Region) -> dict[str, Any]:
    entry = {
        "about": region.about,
        "kind": region.kind,
        "share": region.share,
        "topic": region.topic,
        "styles": list(region.styles),
        "openings": list(region.openings),
        "entity": region.entity,
        "in_requests": region.in_requests,
        "helped_by_defence": region.obeys,
    }
    return {key: value for key, value in entry.items() if value not in ("", [])}


def _table(name: str, entry: dict[str, Any]) -> str:
    lines = (f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in entry.items())
    return f"[{name}]\n" + "\n".join(lines) + "\n"


if __name__ == "__main__":
    path = files("temper.organisms").joinpath("answer_key.toml")
    with open(str(path), "w", encoding="utf-8") as stream:
        stream.write(text())
