"""From a run's folder and what the command was told to a desk that people can sit at."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from temper.campaigns.labelling import newest_guideline
from temper.config import ConcernConfig, LabelConfig
from temper.errors import ArtifactError, ConfigError
from temper.label import audit, filling, gold
from temper.label.rounds import then_of
from temper.label.settings import CONTENT_NOTE, Lookup, Settings
from temper.label.standing import count_taken
from temper.label.tables import LabelStore
from temper.records import Guideline
from temper.run_folder import CONFIG, DATABASE
from temper.text.rows import read_rows, text_of, value_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What `temper label` was told; None leaves it to the run's settings."""

    concern: ConcernConfig | None = None
    items: Path | None = None
    text: str = "text"
    prompt: str | None = None
    reference: str | None = None
    """Column of `items`."""
    order: filling.Order = "asked"
    most: int | None = None
    each: int | None = None
    gold: Path | None = None
    entry_test: int = 0
    gold_every: int = 15
    lookup: Lookup | None = None
    blur: bool = False
    content_note: str | None = None
    leads: tuple[str, ...] = ()
    audit: bool = False
    measure: str | None = None
    half_width: float = 0.05
    seed: int = 0


def open_store(folder: Path) -> LabelStore:
    """The run's database, made if missing.

    Raises:
        StoreError, ArtifactError: it cannot be used.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ArtifactError(f"{folder} cannot be made: {error.strerror}") from error
    return LabelStore(folder / DATABASE)


def guideline_of(store: LabelStore, folder: Path, concern: ConcernConfig | None) -> Guideline:
    """The guideline to label under: what was named, with the changes made to it since.

    Raises:
        ConfigError: none is named anywhere.
    """
    if concern is None:
        return newest_guideline(store, folder)
    named = concern.guideline()
    store.add_guideline(named)
    return store.following(named)


def prepare(store: LabelStore, folder: Path, wanted: Wanted) -> tuple[Settings, str]:
    """Fill the queue and settle what holds for all who label.

    Returns:
        The settings, and a line about what there is to do.

    Raises:
        ConfigError, ArtifactError: no guideline, no items, or a file that cannot be used.
    """
    guideline = guideline_of(store, folder, wanted.concern)
    given = _label_settings(folder)
    known = _gold(wanted.gold, guideline) if wanted.gold else []
    if wanted.gold:
        gold.add_gold(store, known)
    if wanted.entry_test > len(known):
        raise ConfigError(f"--entry-test {wanted.entry_test} needs as many known items: --gold")
    settings = Settings(
        run=folder.name,
        queue=audit.QUEUE if wanted.audit else "label",
        guideline=guideline.version,
        each=wanted.each or given.each,
        entry_test=wanted.entry_test,
        gold_every=wanted.gold_every,
        blur=wanted.blur,
        content_note=wanted.content_note or CONTENT_NOTE,
        then=then_of(folder),
        lookup=wanted.lookup,
        leads=wanted.leads,
        seed=wanted.seed,
    )
    if wanted.audit:
        said = _fill_audit(store, guideline, wanted)
    else:
        said = _fill(store, folder, wanted, wanted.most or given.items)
    count_taken(store, guideline)
    return settings, said


def _fill(store: LabelStore, folder: Path, wanted: Wanted, most: int) -> str:
    entries = (
        filling.file_entries(wanted.items, wanted.text, wanted.prompt, wanted.reference)
        if wanted.items
        else filling.run_entries(store, folder)
    )
    if wanted.items and wanted.most is None:
        most = len(entries)
    if entries:
        entries = filling.ordered(store, folder, entries, wanted.order, wanted.seed)[:most]
    return f"{filling.fill(store, 'label', entries)} items"


def _fill_audit(store: LabelStore, guideline: Guideline, wanted: Wanted) -> str:
    known = audit.measures(store)
    if wanted.measure is None and len(known) != 1:
        names = ", ".join(known) or "none"
        raise ConfigError(f"name whose verdicts are audited with --measure: the run has {names}")
    asked = audit.plan(store, guideline, wanted.measure or known[0], wanted.half_width, wanted.seed)
    reach = "" if asked.reachable else ", and no audit of these attempts makes it sharper"
    return (
        f"{asked.waiting} answers to check, for a rate within ±"
        f" {100 * asked.half_width:.1f} points{reach}"
    )


def _gold(path: Path, guideline: Guideline) -> list[gold.Known]:
    known = [
        gold.Known(
            text_of(value_of(row, "text", path)),
            text_of(value_of(row, "label", path)),
        )
        for row in read_rows(path)
    ]
    if strange := sorted({one.value for one in known} - set(guideline.labels)):
        raise ArtifactError(
            f"{path}: {strange[0]!r} is no label: the guideline has {', '.join(guideline.labels)}"
        )
    return known


def _label_settings(folder: Path) -> LabelConfig:
    """The section [label] of the run's settings, or its defaults."""
    path = folder / CONFIG
    written = tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
    return LabelConfig.model_validate(written.get("label", {}))
