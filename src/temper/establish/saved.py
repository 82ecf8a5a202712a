"""A measure as a folder: measure.json, weights.npz, README.md; no pickle, nothing that runs.

Such a folder may come from a stranger. Only the files, arrays and keys named here are read, and
their sizes are checked before they are loaded.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from temper.errors import MeasureError
from temper.establish.calibrate import Calibrator
from temper.establish.ensemble import LinearEnsemble
from temper.establish.features import Beside, Embed, Features, Scaled
from temper.establish.measure import LearnedMeasure
from temper.establish.tuned import TunedEnsemble
from temper.establish.untrusted import label_names, read_arrays, read_measure_json, share
from temper.text.finetune import TunedClassifier
from temper.text.linear import Linear
from temper.text.tfidf import Tfidf

FORMAT = 1
MEASURE, WEIGHTS, CARD, START = "measure.json", "weights.npz", "README.md", "start"
DEEPEST = 3
"""Earlier measures within one another."""
Opener = Callable[[Mapping[str, Any]], Embed]
"""From what a measure keeps of its model (kind, name, hash, layer) to the vectors of texts."""


def save_measure(measure: LearnedMeasure, folder: Path, card: str) -> LearnedMeasure:
    """Write the folder; what comes back carries the hash of what was written."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, NDArray[np.float32]] = {}
    row = _save_classifier(measure.classifier, folder, arrays)
    np.savez_compressed(folder / WEIGHTS, allow_pickle=False, **arrays)
    digest = hashlib.sha256(json.dumps(row, sort_keys=True).encode())
    for name in sorted(arrays):
        digest.update(arrays[name].tobytes())
    weights = digest.hexdigest()[:24]
    content = {
        "format": FORMAT,
        "name": measure.name,
        "labels": list(measure.labels),
        "failure": list(measure.failure),
        "threshold": measure.threshold,
        "abstain": None if measure.abstain is None else list(measure.abstain),
        "guideline": measure.guideline,
        "weights": weights,
        "balance": measure.balance.to_json(),
        "calibration": measure.calibrator.to_json(),
        "classifier": row,
    }
    (folder / MEASURE).write_text(json.dumps(content, ensure_ascii=False) + "\n", "utf-8")
    (folder / CARD).write_text(card, "utf-8")
    return replace(measure, weights=weights)


def _save_classifier(
    classifier: Any, folder: Path, arrays: dict[str, NDArray[np.float32]]
) -> dict[str, Any]:
    if isinstance(classifier, TunedEnsemble):
        for place, member in enumerate(classifier.members):
            member.save(folder / f"member-{place}")
        return {"kind": "tuned", "members": len(classifier.members)}
    arrays["weights"] = np.stack([member.weights_KF for member in classifier.members])
    arrays["bias"] = np.stack([member.bias_K for member in classifier.members])
    return {"kind": "linear", "features": _save_features(classifier.features, arrays)}


def _save_features(features: Features, arrays: dict[str, NDArray[np.float32]]) -> dict[str, Any]:
    if isinstance(features, Beside):
        return {**_save_features(features.features, arrays), "start": True}
    if isinstance(features, Tfidf):
        arrays["idf"] = features.idf
        return features.to_json()
    assert isinstance(features, Scaled)
    arrays["mean"] = features.mean_F.astype(np.float32)
    arrays["deviation"] = features.deviation_F.astype(np.float32)
    return {"kind": "embedded", "origin": dict(features.origin)}


def load_measure(folder: Path, opener: Opener, *, depth: int = 0) -> LearnedMeasure:
    """Read a saved measure, trusting nothing in it.

    Args:
        folder: of the measure.
        opener: finds the model whose vectors it judges, where it needs one.
        depth: how many measures started from this one.

    Raises:
        ArtifactError: the folder holds no measure, or one of a newer temper.
        MeasureError: it is damaged or does not hold together.
        TargetError: its model cannot be found.
    """
    if depth > DEEPEST:
        raise MeasureError(f"{folder} starts from more than {DEEPEST} earlier measures")
    content = read_measure_json(folder / MEASURE, FORMAT)
    arrays = read_arrays(folder / WEIGHTS)
    try:
        labels, failure = label_names(content["labels"]), label_names(content["failure"])
        if not set(failure) < set(labels):
            raise MeasureError(f"{folder}: its failures {failure} are not among {labels}")
        abstain = content.get("abstain")
        return LearnedMeasure(
            name=str(content["name"])[:200],
            labels=labels,
            failure=failure,
            threshold=share(content["threshold"]),
            abstain=None if abstain is None else (share(abstain[0]), share(abstain[1])),
            guideline=str(content["guideline"])[:64],
            weights=str(content["weights"])[:64],
            balance=Calibrator.from_json(content["balance"], len(labels)),
            calibrator=Calibrator.from_json(content["calibration"], len(labels)),
            classifier=_load_classifier(
                content["classifier"], arrays, folder, opener, depth, len(labels)
            ),
        )
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise MeasureError(f"{folder} is no measure that holds together: {error!r}") from error


def _load_classifier(
    row: Mapping[str, Any],
    arrays: Mapping[str, NDArray[np.float32]],
    folder: Path,
    opener: Opener,
    depth: int,
    classes: int,
) -> LinearEnsemble | TunedEnsemble:
    if row["kind"] == "tuned":
        count = int(row["members"])
        if not 1 <= count <= 50:
            raise MeasureError(f"{folder}: {count} members")
        tuned = [TunedClassifier(folder / f"member-{place}") for place in range(count)]
        return TunedEnsemble(tuned)
    weights_MKF, bias_MK = arrays["weights"], arrays["bias"]
    features, width = _load_features(row["features"], arrays, opener)
    if row["features"].get("start"):
        earlier = load_measure(folder / START, opener, depth=depth + 1)
        features, width = Beside(features, earlier.log_probabilities), width + len(earlier.labels)
    members = len(weights_MKF)
    if weights_MKF.shape != (members, classes, width) or bias_MK.shape != (members, classes):
        raise MeasureError(
            f"{folder}: weights of shape {weights_MKF.shape} do not fit {classes} labels and"
            f" {width} features"
        )
    pairs = zip(weights_MKF, bias_MK, strict=True)
    return LinearEnsemble(features, tuple(Linear(weights, bias) for weights, bias in pairs))


def _load_features(
    row: Mapping[str, Any], arrays: Mapping[str, NDArray[np.float32]], opener: Opener
) -> tuple[Features, int]:
    if row["kind"] == "tfidf":
        features = Tfidf.from_saved(row, arrays["idf"])
        return features, features.width
    origin = row["origin"]
    mean_F, deviation_F = arrays["mean"], arrays["deviation"]
    if mean_F.ndim != 1 or mean_F.shape != deviation_F.shape or (deviation_F <= 0).any():
        raise MeasureError("mean and deviation of the vectors do not fit each other")
    return Scaled(opener(origin), mean_F, deviation_F, origin), len(mean_F)
