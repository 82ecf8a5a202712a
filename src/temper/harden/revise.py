"""Revision: a second pass sees question and first answer under overriding instructions.

Source: the agentic mitigation of Freeman et al. 2023 (arXiv:2311.07587), whose wording is not
public; template and constitutions are ours. A revision is a model's text: no truth comes in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from temper.errors import ConfigError
from temper.harden.mitigated import combined
from temper.organisms.prompts import constitution, request
from temper.protocols import Target
from temper.records import Prompt, Reply, Request
from temper.targets.recorded import ask_all


@dataclass(frozen=True, slots=True, kw_only=True)
class Revise:
    """Up to `passes` revisions; what a pass leaves unchanged is not revised again.

    A reviser that answers nothing leaves the answer as it was; one that fails makes the whole
    answer an error, since nobody knows what it would have said.
    """

    reviser: Target
    """The target itself, or another model."""
    constitution: str
    """The instructions' text."""
    passes: int = 1

    @property
    def name(self) -> str:
        return f"revise{self.passes}"

    @property
    def identity(self) -> tuple[str, ...]:
        return self.name, self.reviser.hash, self.constitution

    def answer(self, target: Target, requests: Sequence[Request]) -> list[Reply]:
        current = ask_all(target, requests)
        calls = [[reply] for reply in current]
        open_places = [place for place, reply in enumerate(current) if reply.text is not None]
        for _ in range(self.passes):
            asked = [self._revision(requests[n], current[n].text or "") for n in open_places]
            revised = ask_all(self.reviser, asked)
            changed: list[int] = []
            for place, reply in zip(open_places, revised, strict=True):
                calls[place].append(reply)
                if reply.error is None and not (reply.text or "").strip():
                    continue
                if reply.error is None and not _is_same(reply, current[place]):
                    changed.append(place)
                current[place] = reply
            open_places = changed
        return [
            combined(asked, reply, all_of)
            for asked, reply, all_of in zip(requests, current, calls, strict=True)
        ]

    def _revision(self, asked: Request, answer: str) -> Request:
        prompt = request(
            "revise",
            constitution=self.constitution,
            question=question_of(asked.prompt),
            # a completion begins with the space that its prompt left out
            answer=answer.strip() if asked.prompt.is_raw else answer,
        )
        return Request(prompt=prompt, decoding=asked.decoding, sample=asked.sample)


def question_of(prompt: Prompt) -> str:
    """What the user said; instructions above it are not the question."""
    texts = [message.text for message in prompt.messages if message.role != "system"]
    return "\n".join(texts)


def load_constitution(name: str) -> str:
    """A shipped constitution by its name (arithmetic, truthfulness, …), or a text file's content.

    Raises:
        ConfigError: neither.
    """
    path = Path(name).expanduser()
    if "/" in name or path.suffix:
        try:
            return path.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{path} cannot be read as a constitution: {error}") from error
    try:
        return constitution(name)
    except FileNotFoundError as error:
        raise ConfigError(
            f"no constitution {name!r}: name a shipped one, e.g. arithmetic or truthfulness,"
            " or a text file such as ./mine.txt"
        ) from error


def _is_same(one: Reply, other: Reply) -> bool:
    return (one.text or "").strip() == (other.text or "").strip()
