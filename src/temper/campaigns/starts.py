"""Where the draws of an exploration begin: nowhere, at the lines of a file, or at earlier texts."""

from collections.abc import Sequence
from pathlib import Path

from temper.config import ExploreRun
from temper.explore.draw import UNPROMPTED, Start, opened, opening_of
from temper.records import Prompt
from temper.text.column import read_texts


class Starts:
    """Of one exploration.

    Args:
        config: `explore.source` and its file.
        chat: whether the target takes a conversation.
    """

    def __init__(self, config: ExploreRun, *, chat: bool) -> None:
        self._settings = config.explore
        self._chat = chat if self._settings.frame == "auto" else self._settings.frame == "chat"
        self.lines: list[str] = []
        file = self._settings.file
        if self._settings.source != "unprompted" and file is not None:
            self.lines = read_texts(Path(file).expanduser(), self._settings.column)

    def first(self) -> list[Start]:
        match self._settings.source:
            case "unprompted":
                return [UNPROMPTED]
            case "openings":
                return [opened(line) for line in self.lines]
            case "prompts":
                return [Start(self._framed(line)) for line in self.lines]

    def next(self, texts: Sequence[str], asked: Sequence[str], seed: str) -> list[Start]:
        """Unprompted text is gone on from.

        A prompt is asked again: what follows a user's question cannot be begun for a chat target.

        Args:
            texts: where more is wanted.
            asked: what each of them was drawn by.
            seed: of the openings.
        """
        if self._settings.source == "prompts":
            return [Start(self._framed(prompt)) for prompt in asked]
        return [opening_of(text, f"{seed}/{place}") for place, text in enumerate(texts)]

    def _framed(self, line: str) -> Prompt:
        return Prompt.user(line) if self._chat else Prompt.raw(line)
