"""The same figure of several seeds as one: its mean, and an interval over the seeds."""

import math
import statistics
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from temper.records import Rate
from temper.stats.proportion import LEVEL

Row = Mapping[str, Any]


def over_seeds(runs: Sequence[Sequence[Row]]) -> Iterator[Rate]:
    """Means of the judged rates that every run has; a training done anew is what varies.

    The interval is Student's over the seeds' values, held within [0, 1] for rates; with one seed
    the figure's own interval stays.
    """
    if not runs:
        return
    by_key = [{_key(figure): figure for figure in run if figure["measure"]} for run in runs]
    for key, figure in by_key[0].items():
        same = [found[key] for found in by_key if key in found]
        values = [one["value"] for one in same if one["value"] is not None]
        if len(same) == len(runs) and values:
            yield _mean(figure, same, values)


def _mean(figure: Row, same: Sequence[Row], values: Sequence[float]) -> Rate:
    low, high = figure["low"], figure["high"]
    mean = statistics.fmean(values)
    if len(values) > 1:
        from scipy import stats

        error = statistics.stdev(values) / math.sqrt(len(values))
        reach = float(stats.t.ppf(0.5 + LEVEL / 2, len(values) - 1)) * error
        least = -1.0 if figure["name"].startswith("change.") else 0.0
        low, high = max(mean - reach, least), min(mean + reach, 1.0)
    return Rate(
        name=figure["name"],
        value=mean,
        low=low,
        high=high,
        n=sum(one["n"] for one in same),
        unknown=sum(one["unknown"] for one in same),
        cluster="seed" if len(values) > 1 else figure["cluster"],
        clusters=len(values) if len(values) > 1 else figure["clusters"],
        measure=figure["measure"],
        judge=figure["judge"],
        by=figure["by"],
    )


def _key(figure: Row) -> tuple[str, tuple[tuple[str, str], ...]]:
    by = figure["by"].items()
    return figure["name"], tuple(sorted((key, str(value)) for key, value in by))
