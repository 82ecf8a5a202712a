"""Read what a stranger may have written: sizes, names and numbers are checked before use."""

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from temper.errors import ArtifactError, MeasureError

LARGEST = 1_000_000_000
"""Bytes of all arrays together, or of the JSON, beyond which a file is refused unread."""
ARRAYS = ("weights", "bias", "idf", "mean", "deviation")


def read_measure_json(path: Path, version: int) -> dict[str, Any]:
    try:
        if path.stat().st_size > LARGEST:
            raise MeasureError(f"{path} is larger than any measure: refused")
        content = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise ArtifactError(f"{path.parent} holds no measure ({path.name} is missing)") from error
    except (OSError, ValueError, RecursionError) as error:
        raise MeasureError(f"{path} cannot be read: {error}") from error
    if not isinstance(content, dict) or content.get("format") != version:
        raise ArtifactError(
            f"{path} is no measure of format {version}: upgrade temper, or train anew"
        )
    return content


def read_arrays(path: Path) -> dict[str, NDArray[np.float32]]:
    try:
        with zipfile.ZipFile(path) as archive:
            sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
        strange = set(sizes) - {f"{name}.npy" for name in ARRAYS}
        if strange or sum(sizes.values()) > LARGEST:
            raise MeasureError(f"{path}: unknown arrays {sorted(strange)} or too large: refused")
        with np.load(path, allow_pickle=False) as kept:
            arrays = {name: kept[name] for name in kept.files}
    except FileNotFoundError as error:
        raise ArtifactError(f"{path} is missing") from error
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise MeasureError(f"{path} cannot be read as arrays: {error}") from error
    for name, array in arrays.items():
        if array.dtype != np.float32 or not np.isfinite(array).all():
            raise MeasureError(f"{path}: {name} is not all finite 32-bit floats: refused")
    return arrays


def label_names(given: Any) -> tuple[str, ...]:
    names = tuple(str(name) for name in given)
    if not 1 <= len(names) <= 1_000 or len(set(names)) < len(names):
        raise MeasureError(f"impossible label names {names[:5]}")
    return names


def share(given: Any) -> float:
    value = float(given)
    if not 0 <= value <= 1:
        raise MeasureError(f"{value} is no share")
    return value
