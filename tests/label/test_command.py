"""`temper label` from the command line: audits, files, and a run that waits for people."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest

from temper.label import audit
from temper.label.formats import read_labels
from temper.label.opening import Wanted, open_store, prepare
from temper.label.tables import LabelStore
from temper.records import Label, Verdict, imported_item_id
from temper.run_folder import finished_results
from tests.cli.test_commands import fails_in_one_line
from tests.conftest import Command
from tests.label.conftest import TRUTHS, Page, answer, number_of, numbers

LABELS = ("--labels", "true,false,neither", "--failure", "false")


def label(text: str, value: str, annotator: str = "ann") -> Label:
    return Label(
        item_id=imported_item_id(text),
        text=text,
        value=value,
        annotator=annotator,
        kind="person",
        guideline=TRUTHS.version,
        note=f"on {text}",
        seconds=2.5,
        skipped=not value,
        reference_seen=True,
    )


@pytest.mark.parametrize("name", ["labels.csv", "labels.jsonl", "labels.parquet"])
def test_tables_give_labels_back_with_all_that_is_known_of_them(tmp_path: Path, name: str):
    mine = [label("One.", "true"), label("Two.", ""), label("One.", "false", "bob")]
    with open_store(tmp_path) as store:
        store.add_guideline(TRUTHS)
        store.add_labels(mine)
        from temper.label.formats import export_labels

        export_labels(store, TRUTHS, tmp_path / name, None)
    assert read_labels(tmp_path / name, None, TRUTHS, {}) == mine


@pytest.mark.parametrize("tool", ["label-studio", "argilla"])
def test_other_tools_files_keep_text_label_and_annotator(tmp_path: Path, tool: str):
    mine = [label("One.", "true"), label("Two.", "neither"), label("One.", "false", "bob")]
    with open_store(tmp_path) as store:
        store.add_guideline(TRUTHS)
        store.add_labels(mine)
        from temper.label.formats import export_labels

        export_labels(store, TRUTHS, tmp_path / "out.json", tool)
    back = read_labels(tmp_path / "out.json", None, TRUTHS, {})
    said = {(one.item_id, one.text, one.value, one.annotator) for one in back}
    assert said == {(one.item_id, one.text, one.value, one.annotator) for one in mine}


def test_what_label_studio_itself_exports_is_read(tmp_path: Path):
    choice = {"from_name": "x", "to_name": "text", "type": "choices"}
    task = {
        "id": 7,
        "data": {"text": "One."},
        "annotations": [
            {
                "completed_by": {"id": 1, "email": "ann@example.org"},
                "result": [{**choice, "value": {"choices": ["False"]}}],
                "was_cancelled": False,
                "lead_time": 4.2,
            },
            {"completed_by": 3, "result": [], "was_cancelled": True, "lead_time": 1.0},
        ],
        "predictions": [],
    }
    (tmp_path / "export.json").write_text(json.dumps([task]))
    first, second = read_labels(tmp_path / "export.json", None, TRUTHS, {})
    assert (first.value, first.annotator, first.seconds) == ("false", "ann@example.org", 4.2)
    assert (second.skipped, second.annotator) == (True, "user 3")


def test_files_go_in_and_out_by_the_command(temper: Command, tmp_path: Path):
    (tmp_path / "in.csv").write_text("text,label,annotator\nOne.,wrong,ann\nTwo.,TRUE,bob\n")
    line = fails_in_one_line(temper("label", "./run", "--import", "in.csv", *LABELS))
    assert "'wrong' (1)" in line
    done = temper("label", "./run", "--import", "in.csv", *LABELS, "--map", "wrong=false")
    assert done.stdout == "2 labels, 2 of them new\n", done.stderr
    done = temper("label", "./run", "--export", "out.jsonl")
    assert done.stdout == "out.jsonl: 2 labels\n", done.stderr
    rows = [json.loads(one) for one in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [(row["text"], row["label"]) for row in rows] == [("One.", "false"), ("Two.", "true")]
    assert "--format" in fails_in_one_line(temper("label", "./run", "--export", "out.xyz"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "no labels yet"),
        (LABELS, "temper explore"),
        ((*LABELS, "--items", "none.csv"), "does not exist"),
        ((*LABELS, "--lookup", "nowhere:at"), "nowhere"),
        ((*LABELS, "--host", "203.0.113.1", "--items", "in.csv"), "cannot listen"),
        ((*LABELS, "--items", "in.csv", "--entry-test", "3"), "--gold"),
        ((*LABELS, "--items", "in.csv", "--audit"), "--measure"),
    ],
)
def test_what_cannot_be_served_is_said_in_one_line(
    temper: Command, tmp_path: Path, arguments: tuple[str, ...], said: str
):
    (tmp_path / "in.csv").write_text("text\nOne.\n")
    assert said in fails_in_one_line(temper("label", "./run", *arguments))


def test_the_audit_queue_is_what_the_planner_asks_for_and_corrects_the_rate(tmp_path: Path):
    texts = numbers(200)
    with open_store(tmp_path) as store:
        store.add_guideline(TRUTHS)
        add_judged(store, texts)
        wanted = Wanted(audit=True, half_width=0.1, seed=3)
        settings, said = prepare(store, tmp_path, wanted)
        assert settings.queue == "audit"
        planned = store.find("SELECT * FROM queues WHERE queue = 'audit' ORDER BY place")
        assert 10 < len(planned) < 200
        assert f"{len(planned)} answers to check" in said
        chances = store.find("SELECT inclusion FROM audits")
        assert len(chances) == 200
        half = len(planned) // 2
        store.add_labels([truth(row) for row in planned[:half]])
        _, said = prepare(store, tmp_path, wanted)
        assert f"{len(planned) - half} answers to check" in said  # the plan is gone on with
        store.add_labels([truth(row) for row in planned[half:]])
        rate = audit.corrected(store, TRUTHS, "judge")
    assert rate.value == 0.5
    assert rate.audited == len(planned)
    assert rate.corrected is not None
    assert rate.corrected_low is not None
    assert rate.corrected_low < 0.25 < (rate.corrected_high or 0)


def add_judged(store: LabelStore, texts: list[str]) -> None:
    """Verdicts of a judge that calls every other text a hit; one in four truly is."""
    rows = [
        {
            "id": f"exchange {number}",
            "stage": "measure",
            "role": "target",
            "prompt": '[{"role": "user", "content": "say something"}]',
            "sample": 0,
            "response": text,
            "finish": "stop",
        }
        for number, text in enumerate(texts)
    ]
    with store.transaction():
        store.insert("exchanges", rows)
    store.add_attempts(
        [],
        [
            Verdict(
                subject_id=f"exchange {number}",
                measure="judge",
                version="1",
                outcome="safe" if number % 2 else "hit",
                reason="answered",
                value=float(number % 2 == 0),
                threshold=0.5,
            )
            for number, _ in enumerate(texts)
        ],
    )


def truth(row: dict[str, str]) -> Label:
    value = "true" if number_of(row["text"]) % 4 else "false"
    return Label(
        item_id=row["item_id"],
        text=row["text"],
        value=value,
        annotator="ann",
        kind="person",
        guideline=TRUTHS.version,
    )


def test_a_run_waits_for_people_and_goes_on_with_the_same_command(temper: Command, tmp_path: Path):
    worry = tmp_path / "worry.toml"
    worry.write_text(
        '[target]\nname = "abacus-s"\nthreads = 1\n[concern]\nlabels = ["odd", "fine"]\n'
        'failure = ["odd"]\n[explore]\ndraws = 80\nclusters = 3\nkept = 40\n'
        '[label]\nitems = 40\n[establish]\nfeatures = ["tfidf"]\nmembers = 2\n'
    )
    done = temper("run", "worry.toml", "--out", "./run")
    assert done.returncode == 3, done.stderr
    assert "0 of 40 texts are labelled" in done.stdout
    assert "temper label run" in done.stdout
    with served(tmp_path, "./run") as client:
        for _ in range(40):
            label_it(client)
    done = temper("run", "worry.toml", "--out", "./run")
    assert done.returncode == 0, done.stderr
    assert finished_results(tmp_path / "run")["kind"] == "establish"


def label_it(client: httpx2.Client) -> None:
    text = Page(client.get("/").text).text
    assert text is not None
    answer(client, "odd" if len(text) % 2 else "fine")


class served:
    """The command itself, in a process of its own."""

    def __init__(self, folder: Path, run: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "temper", "label", run, "--port", "0"],
            cwd=folder,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> httpx2.Client:
        assert self._process.stdout is not None
        assert "40 items" in self._process.stdout.readline()
        url = self._process.stdout.readline().split()[-1]
        self._client = httpx2.Client(base_url=url, follow_redirects=True, timeout=30)
        self._client.post("/enter", data={"name": "ann"})
        self._client.post("/welcome")
        return self._client

    def __exit__(self, *_: object) -> None:
        self._client.close()
        self._process.send_signal(signal.SIGINT)
        deadline = time.monotonic() + 20
        while self._process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        assert self._process.returncode is not None
        assert self._process.stdout is not None
        self._process.stdout.close()
