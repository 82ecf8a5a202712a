"""The rows of a hardening as a file for those who fine-tune elsewhere."""

import json
from collections.abc import Sequence
from pathlib import Path

from temper.harden.tuning.data import in_chat_format
from temper.run_folder import write_whole
from temper.training.rows import Row

FINETUNE = "finetune.jsonl"


def write_finetune_file(folder: Path, given: Sequence[Row]) -> int:
    """The rows with an answer as fine-tuning services take them, one JSON object a line.

    Returns:
        How many there are; openings that only a reward judges have no answer.
    """
    answered = [row for row in given if row.answer]
    rows = (json.dumps(row, ensure_ascii=False) for row in in_chat_format(answered))
    write_whole(folder / FINETUNE, "".join(f"{row}\n" for row in rows))
    return len(answered)
