"""The models behind a measure's vectors, a target or an encoder: found by path, told by hash."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from temper.campaigns.judge_vectors import Recorded, judge_candidate, open_judge
from temper.config import EstablishConfig, TargetConfig
from temper.errors import MeasureError, TargetError
from temper.establish.features import Candidate, Embed, embedded_candidate, tfidf_candidate
from temper.targets.huggingface import HuggingFaceTarget
from temper.targets.registry import open_target
from temper.text.embed import Encoder

Dense = NDArray[np.float32]
REMEMBERED = 50_000
"""Texts whose states are kept while features are chosen; a guard's stream keeps none beyond."""


class Layers:
    """A local target's states of every layer; what was read once is remembered."""

    def __init__(self, target: HuggingFaceTarget) -> None:
        self.target = target
        self._known: dict[str, Dense] = {}

    def count(self) -> int:
        """Layers, the embeddings as number 0."""
        return len(self._states(["a"]))

    def embed(self, layer: int) -> Embed:
        return lambda texts: self._states(texts)[layer]

    def _states(self, texts: Sequence[str]) -> Dense:
        missing = list(dict.fromkeys(text for text in texts if text not in self._known))
        if missing:
            if len(self._known) + len(missing) > REMEMBERED:
                self._known.clear()
                missing = list(dict.fromkeys(texts))
            states_LNF = self.target.layers(missing)
            self._known.update((text, states_LNF[:, place]) for place, text in enumerate(missing))
        return np.stack([self._known[text] for text in texts], axis=1)


def candidates_of(
    settings: EstablishConfig,
    target: TargetConfig | None,
    labels: Sequence[str],
    recorded: Recorded | None = None,
) -> list[Candidate]:
    """What the settings let cross-validation choose among, fine-tuning left out.

    Args:
        settings: which kinds, and their models.
        target: whose states are meant.
        labels: those that a judge may name.
        recorded: how the judge is asked; None: nobody keeps what it says.

    Raises:
        TargetError, MeasureError: a model cannot be used, or has no such layer.
    """
    wanted = settings.features or ("tfidf", "states", "encoder", "judge")
    found = [tfidf_candidate()] if "tfidf" in wanted else []
    shown = target is not None and not target.is_remote
    if "states" in wanted and (shown or "states" in settings.features):
        found += _layer_candidates(settings, target)
    if "encoder" in wanted and settings.encoder is not None:
        encoder = Encoder(Path(settings.encoder))
        origin = {"kind": "encoder", "path": settings.encoder, "hash": encoder.hash}
        found.append(embedded_candidate("encoder", encoder.embed, origin))
    if "judge" in wanted and settings.judge is not None:
        found.append(judge_candidate(settings, labels, recorded))
    return found


def _layer_candidates(settings: EstablishConfig, target: TargetConfig | None) -> list[Candidate]:
    if target is None:
        raise MeasureError("features has states: name the target whose states are meant (--target)")
    layers = Layers(_with_layers(target))
    count = layers.count()
    if beyond := [layer for layer in settings.layers if layer >= count]:
        raise MeasureError(f"{target.name} has layers 0 to {count - 1}, no layer {beyond[0]}")
    return [
        embedded_candidate(
            f"states/layer {layer}",
            layers.embed(layer),
            {"kind": "states", "path": target.name, "hash": layers.target.hash, "layer": layer},
        )
        for layer in settings.layers or range(count)
    ]


def _with_layers(config: TargetConfig) -> HuggingFaceTarget:
    target = open_target(config)
    if not isinstance(target, HuggingFaceTarget):
        raise TargetError(f"{config.name} shows no hidden states: use tfidf or an encoder")
    return target


def open_vectors(origin: Mapping[str, Any], instead: str | None = None) -> Embed:
    """The model that a saved measure judges by.

    Args:
        origin: kind, path, hash and layer as the measure keeps them.
        instead: where that model is now, if not at the path it had.

    Raises:
        TargetError: it is not there, or is another model.
        MeasureError: the measure names an unknown kind.
    """
    kind, path = str(origin["kind"]), instead or str(origin["path"])
    if kind == "encoder":
        encoder = Encoder(Path(path))
        _same(path, encoder.hash, origin)
        return encoder.embed
    if kind == "judge":
        judge = open_target(TargetConfig(name=path))
        _same(path, judge.hash, origin)
        return open_judge(judge, origin)
    if kind != "states":
        raise MeasureError(f"the measure judges by {kind!r}, which this temper does not know")
    target = _with_layers(TargetConfig(name=path))
    _same(path, target.hash, origin)
    layer = int(origin["layer"])
    layers = Layers(target)
    if not 0 <= layer < layers.count():
        raise MeasureError(f"the measure judges by layer {layer} of {path}, which has none such")
    return layers.embed(layer)


def _same(path: str, found: str, origin: Mapping[str, Any]) -> None:
    if found != origin["hash"]:
        raise TargetError(
            f"{path} is not the model that the measure was trained on (hash {found}, wanted"
            f" {origin['hash']}): name the right one with --model"
        )
