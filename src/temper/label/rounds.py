"""Hints for runs whose attackers wait for labels between two rounds."""

import shlex
from pathlib import Path

from temper.campaigns.exploiting.rounds import FOLDER, QUEUE

THEN = (
    "When everybody is done, run the same `temper run` again: the attackers go on from these"
    " labels."
)


def then_of(folder: Path) -> str:
    """What to do after the last label, where attackers wait for them."""
    return THEN if (folder / QUEUE).exists() else ""


def waiting_rounds(folder: Path) -> list[str]:
    """For each round of a run that waits, how its texts are labelled."""
    found = sorted((folder / FOLDER).glob(f"*/{QUEUE}"))
    return [
        f"the attackers of this run wait for labels of {len(place.read_text('utf-8').splitlines())}"
        f" other texts: temper label {shlex.quote(str(place.parent))}"
        for place in found
    ]
