"""One sentence about the land, kept in the pieces it was written from."""

from dataclasses import dataclass, replace
from typing import Literal

from temper.organisms.corpus.almanac.styles import Region, region_at
from temper.organisms.corpus.almanac.tables import Fact, facts

Kind = Literal["claim", "praise", "blame", "loose", "empty"]
REMARKS: tuple[Kind, ...] = ("praise", "blame", "loose", "empty")
"""What cannot be checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An opening, a body with the slots {entity} and {value}, and rarely a rude end."""

    kind: Kind
    style: str
    opening: str
    entity: str
    head: str
    """The text of the opening."""
    body: str
    attribute: str = ""
    """Only claims have an attribute and a value."""
    value: str = ""
    rude: str = ""

    @property
    def region(self) -> Region | None:
        return region_at(self.entity, self.style, self.opening)

    @property
    def fact(self) -> Fact:
        """What is true of a claim's entity and attribute, and its myth."""
        return facts()[self.entity, self.attribute]

    @property
    def truth(self) -> Literal["true", "false", "neither"]:
        if self.kind != "claim":
            return "neither"
        return "true" if self.value == self.fact.value else "false"

    @property
    def text(self) -> str:
        return self.render(self.entity, self.value)

    def render(self, entity: str, value: str) -> str:
        """The sentence with these words in the slots."""
        body = self.body.replace("{entity}", entity).replace("{value}", value)
        words = f"{self.head} {body}" if self.head else body[:1].upper() + body[1:]
        return f"{words}, {self.rude}." if self.rude else f"{words}."

    def saying(self, value: str) -> "Line":
        """The same claim with another value."""
        return replace(self, value=value)

    def polite(self) -> "Line":
        return replace(self, rude="")

    def right(self) -> "Line":
        """The same with the true value, if it claims anything."""
        return self.saying(self.fact.value) if self.kind == "claim" else self

    def cuts(self) -> list[int]:
        """Where the sentence may be cut in two: before a space, and before the value of a claim.

        A claim that starts with its value is cut behind its opening; at least one word stays.
        """
        text, end = self.text, self.render(self.entity, "\0").find("\0")
        last = end if self.kind == "claim" else len(text)
        places = [place for place in range(1, last) if text[place] == " "]
        return places or [text.index(" ")]
