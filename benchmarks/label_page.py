"""The labelling page under simulated annotators, through its real HTTP interface.

python benchmarks/label_page.py paths --target almanac-s [--items 400] [--out FOLDER]
python benchmarks/label_page.py load [--items 1000] [--people 5] [--think 0] [--out FOLDER]
python benchmarks/label_page.py hostile [--texts 10000] [--out FOLDER]

`paths`: three annotators who know the truth and err one time in ten label the same items by the
page, and by `label-with`'s direct path; labels, alpha, Dawid-Skene and measure stand side by side.
`load`: everybody at once, each item labelled once in all, then once by each; time for a page.
`hostile`: texts that hypothesis makes up: shown, labelled, exported, compared with what went in.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import httpx2
import numpy as np

from temper.campaigns.establish import establish
from temper.campaigns.explore import explore
from temper.campaigns.guard import open_measure
from temper.campaigns.items import weighted_items
from temper.config import ConcernConfig, EstablishRun, ExploreRun
from temper.establish.agreement import agreement_of, combine_labels
from temper.establish.annotators import SimulatedAnnotator, find_oracle
from temper.establish.labels import Item
from temper.label.filling import Entry, fill
from temper.label.formats import export_labels, read_labels
from temper.label.tables import LabelStore
from temper.records import Label, imported_item_id
from temper.run_folder import DATABASE
from temper.stats.classification import auroc, macro, recalls

CONCERN = ConcernConfig(
    text="sentences that the almanac's table contradicts",
    labels=("true", "false", "neither"),
    failure=("false",),
)
GUIDELINE = CONCERN.guideline()


class Page(HTMLParser):
    """What a program needs of the page: the item and the hidden fields."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.text: str | None = None
        self._inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("type") == "hidden":
            self.fields[str(given["name"])] = given.get("value") or ""
        if given.get("id") == "item":
            self.text, self._inside = "", True

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "article"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.text = (self.text or "") + data


class Worked(NamedTuple):
    """What one annotator did."""

    labels: int
    seconds: list[float]
    """From sending an answer until the page with the next item is there."""


Say = Callable[[Item], str]


def work(url: str, name: str, say: Say, think: float = 0.0) -> Worked:
    """Label until nothing is left, as the page's own script does, with seconds to think."""
    took: list[float] = []
    with httpx2.Client(base_url=url, follow_redirects=True, timeout=60) as client:
        client.post("/enter", data={"name": name})
        client.post("/welcome")
        page = Page(client.get("/").text)
        while page.text is not None:
            item = Item(id=page.fields["item"], text=page.text)
            answer = {"item": item.id, "guideline": page.fields["guideline"], "note": ""}
            time.sleep(think)
            began = time.perf_counter()
            got = client.post(
                "/label", data=answer | {"value": say(item)}, headers={"HX-Request": "true"}
            )
            took.append(time.perf_counter() - began)
            got.raise_for_status()
            page = Page(got.text)
    return Worked(len(took), took)


def together(url: str, people: dict[str, Say], think: float = 0.0) -> dict[str, Worked]:
    """Everybody at once, each in a thread."""
    done: dict[str, Worked] = {}

    def one(name: str) -> None:
        done[name] = work(url, name, people[name], think)

    threads = [threading.Thread(target=one, args=(name,)) for name in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


@contextmanager
def served(folder: Path, each: int) -> Generator[str]:
    """`temper label` in a process of its own."""
    command = [sys.executable, "-m", "temper", "label", str(folder.resolve()), "--port", "0"]
    command += ["--each", str(each), "--order", "given", "--max", "100000"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    )
    assert process.stdout is not None
    process.stdout.readline()
    try:
        yield process.stdout.readline().split()[-1]
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def filled(folder: Path, texts: Sequence[str]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with LabelStore(folder / DATABASE) as store:
        store.add_guideline(GUIDELINE)
        fill(store, "label", [Entry(imported_item_id(text), text) for text in texts])


def standing(folder: Path) -> list[Label]:
    with LabelStore(folder / DATABASE) as store:
        return store.standing_labels(GUIDELINE.version)


def print_load(folder: Path, items: int, people: int, think: float) -> None:
    print("| labels an item | people | labels | lost | twice | p50 ms | p95 ms | most ms | a s |")
    print("|---|---|---|---|---|---|---|---|---|")
    texts = [f"Sentence number {number} of a run." for number in range(items)]
    for each in (1, people):
        filled(folder, texts)
        names = [f"annotator {number}" for number in range(people)]
        with served(folder, each) as url:
            began = time.perf_counter()
            done = together(url, {name: lambda item: "true" for name in names}, think)
            wall = time.perf_counter() - began
        labels = standing(folder)
        took = np.array([second for one in done.values() for second in one.seconds]) * 1e3
        pairs = Counter((label.item_id, label.annotator) for label in labels)
        sent = sum(one.labels for one in done.values())
        middle, high = np.percentile(took, [50, 95])
        print(
            f"| {each} | {people} | {len(labels)} | {items * each - len(labels)} |"
            f" {sum(count > 1 for count in pairs.values()) + sent - len(labels)} | {middle:.1f} |"
            f" {high:.1f} | {took.max():.0f} | {sent / wall:.0f} |",
            flush=True,
        )


def print_paths(folder: Path, target: str, items: int) -> None:
    page, direct = folder / "page", folder / "direct"
    for one in (page, direct):
        shutil.rmtree(one, ignore_errors=True)
    drawn = {"draws": 5 * items, "kept": items, "clusters": 20}
    explore(
        ExploreRun.model_validate(
            {"target": {"name": target, "threads": 1}, "explore": drawn, "concern": {}}
        ),
        page,
    )
    shutil.copytree(page, direct)
    oracle = find_oracle("almanac/truth", GUIDELINE)
    people = [
        SimulatedAnnotator(oracle=oracle, name=f"simulated {seed}", noise=0.1, seed=seed)
        for seed in (1, 2, 3)
    ]
    with LabelStore(page / DATABASE) as store:
        store.add_guideline(GUIDELINE)
    with served(page, len(people)) as url:
        together(url, {one.name: speaker(one) for one in people})
    with LabelStore(direct / DATABASE) as store:
        store.add_guideline(GUIDELINE)
        wanted = weighted_items(store)
        for one in people:
            store.add_labels(
                replace(label, kind="person") for label in one.label(wanted, GUIDELINE)
            )
    print("| path | labels | alpha | Dawid-Skene right | macro recall | AUROC |")
    print("|---|---|---|---|---|---|")
    for name, run in (("page", page), ("direct", direct)):
        print(f"| {name} | {figures(run, target)} |", flush=True)
    said = [
        {(one.item_id, one.annotator): one.value for one in standing(run)} for run in (page, direct)
    ]
    print(f"same labels: {said[0] == said[1]}")


def speaker(annotator: SimulatedAnnotator) -> Say:
    return lambda item: next(iter(annotator.label([item], GUIDELINE))).value


def figures(run: Path, target: str) -> str:
    """Agreement, the combined labels against the truth, the measure on what was not labelled."""
    truth = find_oracle("almanac/truth", GUIDELINE).truth
    labels = standing(run)
    agreement = agreement_of(labels, GUIDELINE)
    assert agreement.interval is not None
    combined = combine_labels(labels, GUIDELINE, "dawid-skene", None).values
    texts = {label.item_id: label.text for label in labels}
    right = np.mean([truth(texts[item]) == value for item, value in combined.items()])
    settings = {
        "target": {"name": target, "threads": 1},
        "concern": CONCERN.model_dump(),
        "establish": {"combine": "dawid-skene"},
    }
    establish(EstablishRun.model_validate(settings), run)
    measure = open_measure(run)
    with LabelStore(run / DATABASE) as store:
        rest = [one.text for one in store.samples() if one.id not in texts]
    scores = measure.scores(rest)
    names = list(measure.labels)
    classes_N = np.array([names.index(truth(text)) for text in rest])
    recall = macro(recalls(scores.said_N, classes_N, len(names))) or float("nan")
    area = auroc(scores.failure_N, classes_N == names.index("false"))
    low, high = agreement.interval
    return (
        f"{len(labels)} | {agreement.value:.3f} [{low:.3f}, {high:.3f}] | {right:.3f} |"
        f" {recall:.3f} (n {len(rest)}) | {area:.3f}"
    )


def print_hostile(folder: Path, count: int) -> None:
    texts = made_up(count)
    filled(folder, texts)
    wrong: list[str] = []
    with (
        served(folder, 1) as url,
        httpx2.Client(base_url=url, follow_redirects=True, timeout=60) as client,
    ):
        client.post("/enter", data={"name": "ann"})
        client.post("/welcome")
        page = Page(client.get("/").text)
        while page.text is not None:
            if set(page.fields) != {"item", "guideline"}:
                wrong.append(page.text)
            answer = {"item": page.fields["item"], "guideline": page.fields["guideline"]}
            got = client.post(
                "/label", data=answer | {"value": "true"}, headers={"HX-Request": "true"}
            )
            got.raise_for_status()
            page = Page(got.text)
    with LabelStore(folder / DATABASE) as store:
        export_labels(store, GUIDELINE, folder / "out.jsonl", None)
    back = [one.text for one in read_labels(folder / "out.jsonl", None, GUIDELINE, {})]
    print(f"{len(texts)} texts; pages out of shape: {len(wrong)}; unchanged: {back == texts}")


def made_up(count: int) -> list[str]:
    from hypothesis import HealthCheck, given, settings
    from hypothesis import strategies as st

    found: dict[str, None] = {}
    text = st.text(alphabet=st.characters(), min_size=1, max_size=80)

    @settings(
        max_examples=count // 50,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
            HealthCheck.large_base_example,
        ],
    )
    @given(texts=st.lists(text, min_size=90, max_size=100, unique=True))
    def collect(texts: list[str]) -> None:
        found.update(dict.fromkeys(texts))

    collect()
    return list(found)[:count]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("paths", "load", "hostile"))
    parser.add_argument("--target", default="almanac-s")
    parser.add_argument("--items", type=int)
    parser.add_argument("--people", type=int, default=5)
    parser.add_argument("--think", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--texts", type=int, default=10_000)
    parser.add_argument("--out", type=Path, default=Path("runs/label-page"))
    given = parser.parse_args()
    if given.what == "paths":
        print_paths(given.out, given.target, given.items or 400)
    elif given.what == "load":
        print_load(given.out / "load", given.items or 1_000, given.people, given.think)
    else:
        print_hostile(given.out / "hostile", given.texts)


if __name__ == "__main__":
    main()
