"""An annotator that is a rule on words."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from temper.errors import ConfigError
from temper.establish.annotators import known_labels
from temper.establish.labels import Item
from temper.records import Guideline, Label


@dataclass(frozen=True, slots=True, kw_only=True)
class WordRule:
    """One label where any of some words stands, another elsewhere: a rule, no judgement.

    Raises:
        ConfigError: no words.
    """

    name: str
    words: tuple[str, ...]
    """Compared whole and without regard to case; "cr*" is any word that begins so."""
    where: str
    elsewhere: str

    def __post_init__(self) -> None:
        if not any(word.strip("* ") for word in self.words):
            raise ConfigError("a rule on words needs at least one")

    def found(self, text: str) -> list[str]:
        """The words of the rule that stand in the text, in its order."""
        ways = (re.escape(word).replace(r"\*", r"\w*") for word in self.words)
        return re.findall(rf"(?<!\w)(?:{'|'.join(ways)})(?!\w)", text, flags=re.IGNORECASE)

    def label(self, items: Iterable[Item], guideline: Guideline) -> Iterator[Label]:
        """One label an item, with the words that decided it as its note.

        Raises:
            ConfigError: one of the two labels is not the guideline's.
        """
        known_labels(guideline, self.where, self.elsewhere)
        for item in items:
            found = self.found(item.text)
            yield Label(
                item_id=item.id,
                text=item.text,
                value=self.where if found else self.elsewhere,
                annotator=self.name,
                kind="classifier",
                guideline=guideline.version,
                note=" ".join(found),
            )
