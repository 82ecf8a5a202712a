"""One column of texts out of a file that a user brings."""

from pathlib import Path

from temper.errors import ArtifactError
from temper.text.rows import read_rows, text_of, value_of


def read_texts(path: Path, column: str) -> list[str]:
    """The texts of a file in its order, empty ones left out.

    Args:
        path: .txt (a text a line; the column is not used), or a table as `read_rows` reads it.
        column: the column of a table.

    Raises:
        ArtifactError: the file cannot be read, has no such column, or holds no text.
    """
    if path.suffix == ".txt":
        found = _lines(path)
    else:
        found = [text_of(value_of(row, column, path)) for row in read_rows(path)]
    texts = [text for text in found if text]
    if not texts:
        raise ArtifactError(f"{path} holds no text: write one on each line, or name its column")
    return texts


def _lines(path: Path) -> list[str]:
    try:
        return [line.strip() for line in path.read_text("utf-8-sig").splitlines()]
    except OSError as error:
        raise ArtifactError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ArtifactError(f"{path} is not UTF-8 ({error.reason}): save it as UTF-8") from error
