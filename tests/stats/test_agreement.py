"""Agreement against published values and the reference package where it is there."""

import numpy as np
import pytest

from temper.stats.agreement import dawid_skene, krippendorff_alpha

# Krippendorff 2011, example C: four observers, twelve units, labels 1 to 5
OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]


def counts(observers: list[list[int | None]]) -> np.ndarray:
    table = np.zeros((len(observers[0]), 5))
    for row in observers:
        for unit, value in enumerate(row):
            if value is not None:
                table[unit, value - 1] += 1
    return table


@pytest.mark.parametrize(("level", "published"), [("nominal", 0.743), ("ordinal", 0.815)])
def test_alpha_is_that_of_krippendorffs_own_example(level: str, published: float):
    found = krippendorff_alpha(counts(OBSERVERS), level)  # type: ignore[arg-type]
    assert found is not None
    assert found.value == pytest.approx(published, abs=0.001)
    assert found.items == 11
    assert found.interval is not None
    assert found.interval.low < found.value < found.interval.high


def test_alpha_is_one_for_equal_labels_and_near_zero_for_random_ones():
    same = krippendorff_alpha(np.tile([[2.0, 0.0], [0.0, 2.0]], (50, 1)), "nominal")
    assert same is not None
    assert same.value == pytest.approx(1)
    rng = np.random.default_rng(0)
    table = np.zeros((2_000, 3))
    for _ in range(2):
        table[np.arange(2_000), rng.integers(0, 3, 2_000)] += 1
    chance = krippendorff_alpha(table, "nominal")
    assert chance is not None
    assert chance.interval is not None
    assert chance.interval.low < 0 < chance.interval.high


def test_no_alpha_without_pairs_or_without_a_second_label():
    assert krippendorff_alpha(np.array([[1.0, 0.0], [0.0, 1.0]]), "nominal") is None
    assert krippendorff_alpha(np.array([[2.0, 0.0], [2.0, 0.0]]), "nominal") is None


def test_dawid_and_skene_trust_the_careful_annotator_over_two_careless_ones():
    rng = np.random.default_rng(1)
    truth = rng.integers(0, 3, 600)

    def annotator(right: float) -> np.ndarray:
        guess = (truth + rng.integers(1, 3, len(truth))) % 3
        return np.where(rng.random(len(truth)) < right, truth, guess)

    given = np.stack([annotator(share) for share in (0.95, 0.55, 0.55)], axis=1)
    found = dawid_skene(given.tolist(), 3)
    majority = np.array([np.bincount(row, minlength=3).argmax() for row in given])
    consensus = found.posterior_UK.argmax(axis=1)
    assert (consensus == truth).mean() > (majority == truth).mean() + 0.05
    diagonal = [float(np.diag(confusion).mean()) for confusion in found.confusion_AKK]
    assert diagonal[0] > 0.85  # .88 to .95 over seeds at this size
    assert max(diagonal[1:]) < 0.7
