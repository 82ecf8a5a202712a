"""A judge: a target that is asked for a label by a rubric, a text with the slot {statement}.

A reply that cannot be parsed is no label; how many there were is said, never guessed away.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from temper.errors import ConfigError
from temper.establish.labels import Item
from temper.protocols import Target
from temper.records import Decoding, Guideline, Label, Prompt, Reply, Request
from temper.targets.recorded import ask_all

SLOT = "{statement}"
Reading = Literal["parsed", "weighed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rubric:
    """How a judge is asked, and which words of its reply mean which label.

    Raises:
        ConfigError: the slot is missing, or a word stands for two labels.
    """

    text: str
    words: Mapping[str, str]
    """A word of the reply to the label that it means; compared without regard to case."""
    reading: Reading = "parsed"
    """"parsed": the last such word of the reply; "weighed": the word of highest probability."""
    max_tokens: int = 48

    def __post_init__(self) -> None:
        if SLOT not in self.text:
            raise ConfigError(f"the rubric has no slot {SLOT}: say where the text to judge goes")

    @classmethod
    def of(cls, text: str, guideline: Guideline, reading: Reading = "parsed") -> "Rubric":
        """A rubric whose words are the labels themselves."""
        return cls(text=text, words={label: label for label in guideline.labels}, reading=reading)

    def parse(self, reply: str) -> str | None:
        """The label meant by the last word of the reply that means one."""
        meant = {word.casefold(): label for word, label in self.words.items()}
        ways = "|".join(re.escape(word) for word in sorted(meant, key=len, reverse=True))
        found = re.findall(rf"(?<!\w)(?:{ways})(?!\w)", reply.casefold())
        return meant[found[-1]] if found else None

    def request(self, item: Item) -> Request:
        prompt = Prompt.user(self.text.replace(SLOT, item.text))
        if self.reading == "weighed":
            return Request(prompt=prompt, answers=tuple(self.words))
        return Request(prompt=prompt, decoding=Decoding(max_tokens=self.max_tokens))


class Judged(NamedTuple):
    """The labels of a judge, and the items that it gave none."""

    labels: list[Label]
    unread: int
    """Replies that came but name no label."""
    failed: int
    """Requests that drew no reply at all."""


def judge_items(
    judge: Target, items: Sequence[Item], rubric: Rubric, guideline: Guideline, name: str
) -> Judged:
    """Ask the judge about every item, greedily.

    Raises:
        ConfigError: the rubric's words mean labels that the guideline does not have.
        TargetError: the judge cannot be used at all.
    """
    if strange := set(rubric.words.values()) - set(guideline.labels):
        raise ConfigError(
            f"the rubric means {', '.join(sorted(strange))}, which the guideline does not have"
        )
    replies = ask_all(judge, [rubric.request(item) for item in items])
    labels: list[Label] = []
    unread = failed = 0
    for item, reply in zip(items, replies, strict=True):
        if reply.error is not None:
            failed += 1
            continue
        read = _read(rubric, reply)
        if read is None:
            unread += 1
            continue
        value, note = read
        labels.append(
            Label(
                item_id=item.id,
                text=item.text,
                value=value,
                annotator=name,
                kind="judge",
                guideline=guideline.version,
                seconds=reply.seconds,
                note=note,
            )
        )
    return Judged(labels, unread, failed)


def _read(rubric: Rubric, reply: Reply) -> tuple[str, str] | None:
    if rubric.reading == "parsed":
        value = rubric.parse(reply.text or "")
        return None if value is None else (value, "")
    words = list(rubric.words)
    best = max(range(len(words)), key=lambda place: reply.logprobs[place])
    highest = reply.logprobs[best]
    if not math.isfinite(highest):
        return None
    share = 1 / sum(math.exp(logprob - highest) for logprob in reply.logprobs)
    return rubric.words[words[best]], f"p={share:.4f}"
