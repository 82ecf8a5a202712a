"""Vectors of explored texts, made once and kept in the run folder: they take a model's time."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from temper.config import ExploreRun
from temper.errors import ArtifactError, TargetError
from temper.explore.clusters import Floats
from temper.protocols import Embedder, Reporter, Target
from temper.records import content_id
from temper.text.embed import Encoder, OwnStates

BLOCK = 2_048
"""Draws and texts that are held at once; a multiple of every target's unit."""
FOLDER = "embeddings"


def open_embedder(config: ExploreRun, target: Target) -> Embedder:
    """What `explore.embed` names.

    Raises:
        TargetError: the target shows no states, or the folder is no checkpoint.
    """
    settings = config.explore
    if settings.embed != "target":
        path = Path(settings.embed).expanduser()
        return Encoder(path, settings.pooling, config.target.threads)
    if not target.capabilities.hidden:
        raise TargetError(
            f"{target.capabilities.name} shows no hidden states: name the folder of an encoder"
            " checkpoint as explore.embed"
        )
    return OwnStates(target, settings.pooling)


def embed_once(
    embedder: Embedder, texts: Sequence[str], folder: Path, reporter: Reporter
) -> Floats:
    """The vectors of these texts, (texts, features); from the folder where they were made before.

    Raises:
        ArtifactError: a kept file is damaged.
    """
    digest = hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()
    path = folder / FOLDER / f"{content_id(embedder.hash, digest)}.npy"
    reporter.stage("embed the texts", len(texts))
    if path.exists():
        reporter.advance(len(texts))
        return _load(path)
    blocks: list[Floats] = []
    for start in range(0, len(texts), BLOCK):
        blocks.append(embedder.embed(texts[start : start + BLOCK]))
        reporter.advance(len(blocks[-1]))
    vectors_ND = np.concatenate(blocks)
    path.parent.mkdir(exist_ok=True)
    partial = path.with_suffix(".partial")
    with partial.open("wb") as stream:
        np.save(stream, vectors_ND)
    partial.replace(path)
    return vectors_ND


def _load(path: Path) -> Floats:
    try:
        return np.load(path, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise ArtifactError(f"{path} is damaged ({error}): delete it and run again") from error
