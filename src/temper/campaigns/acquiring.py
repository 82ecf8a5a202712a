"""Labels that the measure asks for: after the first ones, in rounds, where it is least sure.

For a rare failure most labels drawn at random are of fine text; asked for, they are where failures
are. They teach only: what is drawn because it was wanted says nothing about natural shares, so the
audit slice and the calibration are of the first labels alone.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from temper.campaigns.guard import open_measure
from temper.campaigns.worry_labels import Asked, label_run
from temper.errors import MeasureError
from temper.establish.labels import Item
from temper.explore.acquire import label_next
from temper.records import Sample
from temper.run_folder import DATABASE
from temper.store import Store


def label_asked(asked: Asked, learn: Callable[[], object]) -> None:
    """Ask for `label.asked` labels of explored texts in `label.asked_rounds` rounds.

    The same call goes on where it stopped: what is labelled counts. A text that a judge gave no
    label makes room for another in the next round. Where no text is left, fewer are asked for.

    Args:
        asked: the run, and who labels there.
        learn: makes the run's measure of the labels that there are.

    Raises:
        Stopped: a judge's budget is used up.
    """
    label, tried = asked.config.label, set[str]()
    for round in range(1, label.asked_rounds + 1) if label.asked else ():
        wanted = round * label.asked // label.asked_rounds
        samples, labelled = _explored(asked)
        done = sum(not sample.chosen for sample in samples if sample.id in labelled)
        if done >= wanted:
            continue
        # the chosen ones are for the first labels, which are drawn at random
        closed = {
            n for n, sample in enumerate(samples) if sample.chosen or sample.id in labelled | tried
        }
        if len(closed) == len(samples):
            return
        p_N = _doubt(asked, samples, learn)
        clusters_N = np.array([-1 if one.cluster is None else one.cluster for one in samples])
        rows = label_next(p_N, clusters_N, closed, wanted - done, seed=asked.config.run.seed)
        items = [Item(id=samples[n].id, text=samples[n].text, weight=0.0) for n in rows]
        tried |= {item.id for item in items}
        label_run(asked._replace(items=items, most=len(items)))


def _explored(asked: Asked) -> tuple[list[Sample], set[str]]:
    with Store(asked.folder / DATABASE) as store:
        guideline = store.following(asked.config.concern.guideline())
        labels = store.standing_labels(guideline.version)
        return list(store.samples()), {label.item_id for label in labels}


def _doubt(asked: Asked, samples: list[Sample], learn: Callable[[], object]) -> NDArray[np.float64]:
    """P(failure) of every text; one half each where the labels do not do for a measure yet."""
    try:
        learn()
    except MeasureError:
        return np.full(len(samples), 0.5)
    judged = open_measure(asked.folder).judge([sample.text for sample in samples])
    return np.array([np.nan if one.value is None else one.value for one in judged])
