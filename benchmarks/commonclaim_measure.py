"""The measure on CommonClaim beside simple rivals, and what labels of another data set are worth.

python benchmarks/commonclaim_measure.py --data FOLDER [--seeds 3] [--folds 5] [--encoder FOLDER]

FOLDER holds common_claim_train.csv and creak_train.jsonl and creak_dev.jsonl as they were
published. Every fold leaves out whole near-duplicate clusters. Rivals are fitted on the very items
that the measure trains and calibrates on. Differences are paired by fold, with the variance of
Nadeau and Bengio 2003, since the training parts of folds overlap. A quarter of an hour for three
seeds on one quiet core.
"""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from temper.campaigns.vectors import candidates_of
from temper.config import EstablishConfig
from temper.establish.fit import fit_measure
from temper.establish.labels import Given, Item, import_labels
from temper.establish.split import Labelled, Parts, as_columns, folds_of, split_items
from temper.records import Guideline
from temper.stats.classification import auroc, expected_calibration_error, recalls
from temper.text.duplicates import duplicate_groups
from temper.text.embed import Encoder
from temper.text.rows import read_rows, text_of

THREE = Guideline(labels=("true", "false", "neither"), failure=("false",))
TWO = Guideline(labels=("true", "false"), failure=("false",), kind="binary")
FALSE = 1
PAPER = "paper's own validation (other split, paraphrases in it): .90 .44 .19, macro .51"


class Result(NamedTuple):
    recall_K: NDArray[np.float64]
    macro: float
    auroc: float
    ece: float


Predict = Callable[[Labelled, Labelled, int], Result]
"""From training items, test items and a seed."""


def load(guideline: Guideline, *tables: tuple[Path, str]) -> Labelled:
    """The labelled items of published files; each with the column of its text."""
    rows = (
        Given(text_of(row[column]), text_of(row["label"]), path.stem)
        for path, column in tables
        for row in read_rows(path)
    )
    labels = import_labels(rows, guideline, {})
    items = [Item(id=label.item_id, text=label.text) for label in labels]
    groups_N = duplicate_groups([item.text for item in items])
    return as_columns(items, [label.value for label in labels], guideline.labels, groups_N)


def measured(encoder: str | None) -> Predict:
    settings = EstablishConfig(encoder=encoder)

    def predict(training: Labelled, test: Labelled, seed: int) -> Result:
        parts = split_items(training, audit=0.0, calibration=0.1, seed=seed)
        fitted = fit_measure(
            Parts(parts.training, parts.calibration, test),
            THREE,
            candidates_of(settings, None, ()),
            settings,
            name="commonclaim",
            seed=seed,
        )
        scores = fitted.measure.scores(test.texts)
        return result(scores.said_N, scores.failure_N, test)

    return predict


def floor(features: Callable[[Labelled, Labelled], tuple[Any, Any]]) -> Predict:
    """Logistic regression with balanced classes and no choice of anything."""

    def predict(training: Labelled, test: Labelled, seed: int) -> Result:
        from sklearn.linear_model import LogisticRegression

        train_NF, test_NF = features(training, test)
        model = LogisticRegression(class_weight="balanced", max_iter=300, random_state=seed)
        p_NK = model.fit(train_NF, training.classes_N).predict_proba(test_NF)
        return result(p_NK.argmax(axis=1), p_NK[:, FALSE], test)

    return predict


def tfidf(training: Labelled, test: Labelled) -> tuple[Any, Any]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(ngram_range=(1, 2))
    return vectorizer.fit_transform(training.texts), vectorizer.transform(test.texts)


def encoded(path: str) -> Callable[[Labelled, Labelled], tuple[Any, Any]]:
    encoder = Encoder(Path(path))
    known: dict[str, Any] = {}

    def vectors(items: Labelled) -> Any:
        missing = [text for text in items.texts if text not in known]
        if missing:
            known.update(zip(missing, encoder.embed(missing), strict=True))
        return np.stack([known[text] for text in items.texts])

    return lambda training, test: (vectors(training), vectors(test))


def result(
    said_N: NDArray[np.int64], failure_N: NDArray[np.float64], test: Labelled, classes: int = 3
) -> Result:
    recall_K = recalls(said_N, test.classes_N, classes)
    failing_N = test.classes_N == FALSE
    return Result(
        recall_K,
        float(np.nanmean(recall_K)),
        auroc(failure_N, failing_N) or float("nan"),
        expected_calibration_error(failure_N, failing_N, np.ones(len(test))),
    )


def compare(claims: Labelled, ways: dict[str, Predict], seeds: int, folds: int) -> None:
    found: dict[str, list[Result]] = {name: [] for name in ways}
    for seed in range(seeds):
        for fold in folds_of(claims, folds, seed):
            rest = np.setdiff1d(np.arange(len(claims)), fold)
            for name, way in ways.items():
                found[name].append(way(claims.part(rest), claims.part(fold), seed))
                print(f"# seed {seed}, {name}: {found[name][-1]}", flush=True)
    print(
        "| | true | false | neither | macro | AUROC(false) | ECE |\n|---|---|---|---|---|---|---|"
    )
    for name, results in found.items():
        recall = np.mean([one.recall_K for one in results], axis=0)
        rest_of = np.mean([one[1:] for one in results], axis=0)
        print(f"| {name} | " + " | ".join(f"{value:.3f}" for value in (*recall, *rest_of)) + " |")
    for other in list(ways)[1:]:
        for figure in ("macro", "auroc"):
            mine, theirs = (
                np.array([getattr(one, figure) for one in found[name]])
                for name in (next(iter(ways)), other)
            )
            low, high = paired_interval(mine - theirs, folds)
            mean = (mine - theirs).mean()
            print(f"temper - {other}, {figure}: {mean:+.3f} [{low:+.3f}, {high:+.3f}]")
    print(PAPER)


def paired_interval(differences: NDArray[np.float64], folds: int) -> tuple[float, float]:
    """95 % t interval of repeated cross-validation, with Nadeau and Bengio's correction."""
    from scipy import stats

    n = len(differences)
    variance = differences.var(ddof=1) * (1 / n + 1 / (folds - 1))
    reach = float(stats.t.ppf(0.975, n - 1)) * np.sqrt(variance)
    return float(differences.mean() - reach), float(differences.mean() + reach)


def mismatch(claims: Labelled, creak: Labelled, seeds: int) -> None:
    """A measure of CREAK's labels on CREAK itself and on CommonClaim."""
    settings = EstablishConfig()
    print("| trained on CREAK, seed | on | true | false | AUROC(false) | called false |")
    print("|---|---|---|---|---|---|")
    for seed in range(seeds):
        parts = split_items(creak, audit=0.2, calibration=0.1, seed=seed)
        candidates = candidates_of(settings, None, ())
        fitted = fit_measure(parts, TWO, candidates, settings, name="creak", seed=seed)
        decided = claims.part(claims.classes_N != 2)
        for name, items in (("CREAK", parts.audit), ("CommonClaim", decided)):
            scores = fitted.measure.scores(items.texts)
            one = result(scores.said_N, scores.failure_N, items, 2)
            called = float((scores.said_N == FALSE).mean())
            true, false = one.recall_K
            print(
                f"| {seed} | {name} | {true:.3f} | {false:.3f} | {one.auroc:.3f} | {called:.3f} |"
            )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--encoder", help="an encoder checkpoint, for a second rival")
    parser.add_argument("--only", choices=("folds", "mismatch"))
    given = parser.parse_args()
    claims = load(THREE, (given.data / "common_claim_train.csv", "examples"))
    ways: dict[str, Predict] = {"temper": measured(None), "TF-IDF + LR": floor(tfidf)}
    if given.encoder:
        ways["temper"] = measured(given.encoder)
        ways["encoder + LR"] = floor(encoded(given.encoder))
    if given.only != "mismatch":
        compare(claims, ways, given.seeds, given.folds)
    if given.only != "folds":
        files = [(given.data / f"creak_{part}.jsonl", "sentence") for part in ("train", "dev")]
        mismatch(claims, load(TWO, *files), given.seeds)


if __name__ == "__main__":
    main()
