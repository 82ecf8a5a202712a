"""Fit the classifier of attack families on labelled texts, and say how it does on others.

python benchmarks/attack_families/fit.py
"""

import json
from collections import Counter
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

import temper.arithmetic.families as families
from temper.arithmetic.families import BUCKETS, FAMILIES, classify, features

HERE = Path(__file__).parent
TESTS = HERE.parents[1] / "tests" / "arithmetic"
REGULARISATION = 30.0
"""Inverse strength, chosen on attack_families.jsonl; the second test file had no part in it."""


def main() -> None:
    labelled = read(HERE / "examples.jsonl")
    model = LogisticRegression(C=REGULARISATION, max_iter=5000)
    model.fit(
        matrix([row["text"] for row in labelled]),
        [FAMILIES.index(row["family"]) for row in labelled],  # type: ignore[arg-type]
    )
    coefficients = np.asarray(model.coef_)
    scale = np.abs(coefficients).max(axis=1) / 127
    np.savez_compressed(
        str(families.__file__).replace("families.py", "attack_families.npz"),
        weights=np.round(coefficients / scale[:, None]).astype(np.int8),
        scale=scale.astype(np.float32),
        bias=np.asarray(model.intercept_, dtype=np.float32),
    )
    print(f"fitted on {len(labelled)} texts")
    for path in sorted(TESTS.glob("attack_families*.jsonl")):
        report(path.name, read(path))


def read(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def matrix(texts: list[str]) -> csr_matrix:
    rows = [features(text) for text in texts]
    places = [number for number, row in enumerate(rows) for _ in row]
    buckets = [bucket for row in rows for bucket in row]
    values = [value for row in rows for value in row.values()]
    return csr_matrix((values, (places, buckets)), shape=(len(texts), BUCKETS))


def report(name: str, labelled: list[dict[str, str]]) -> None:
    pairs = Counter((row["family"], classify(row["text"])) for row in labelled)
    scores: dict[str, float] = {}
    for family in FAMILIES:
        said = sum(count for (_, got), count in pairs.items() if got == family)
        real = sum(count for (label, _), count in pairs.items() if label == family)
        scores[family] = 2 * pairs[family, family] / (said + real) if said + real else 1.0
    macro = sum(scores.values()) / len(scores)
    print(f"{name}: macro F1 {macro:.3f}, n = {len(labelled)}")
    print("  " + ", ".join(f"{family} {score:.2f}" for family, score in scores.items()))


if __name__ == "__main__":
    main()
