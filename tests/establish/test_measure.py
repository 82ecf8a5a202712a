"""From labels to a saved measure and a guarded stream, as the commands do it."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from temper.campaigns.establish import establish
from temper.campaigns.given_labels import Columns, label_from_file
from temper.campaigns.guard import guard, guarded_line, guarded_row, open_measure, read_stream
from temper.config import EstablishRun, load_establish
from temper.errors import ArtifactError, ConfigError, MeasureError, TemperError
from temper.establish.calibrate import fit_isotonic, fit_temperature
from temper.establish.labels import Item
from temper.establish.split import as_columns, check_classes, folds_of, split_items
from temper.run_folder import Outcome
from temper.stats.classification import expected_calibration_error
from tests.establish.conftest import CONCERN

LABELS = CONCERN.labels


def settings(**overrides: object) -> EstablishRun:
    quick = {"establish.strengths": [10.0], "establish.members": 3}
    return load_establish(
        None, {**quick, **{k.replace("__", "."): v for k, v in overrides.items()}}
    )


@pytest.fixture(scope="module")
def labelled(table: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run") / "islands"
    label_from_file(folder, CONCERN, table, Columns("text", "label"), {}, None)
    return folder


@pytest.fixture(scope="module")
def outcome(labelled: Path) -> Outcome:
    return establish(settings(), labelled)


def figure(outcome: Outcome, name: str, split: str = "audit", **by: object) -> float:
    for row in outcome.results["figures"]:
        if row["name"] == name and row["by"] == {"split": split, **by}:
            return row["value"]
    raise AssertionError(name)


def test_a_measure_is_learned_audited_and_drawn(outcome: Outcome):
    assert figure(outcome, "measure.macro_recall") > 0.9
    assert figure(outcome, "measure.auroc") > 0.9
    assert figure(outcome, "measure.ece") < 0.2
    assert {row["by"].get("label") for row in outcome.results["figures"]} >= set(LABELS)
    curve = [row for row in outcome.results["figures"] if "labels" in row["by"]]
    assert [row["by"]["labels"] for row in curve] == sorted(row["by"]["labels"] for row in curve)
    page = (outcome.folder / "report.html").read_text()
    for words in ("chart-reliability", "chart-curve", "speaks for failure", "islands"):
        assert words in page
    parts = outcome.results["measure"]["parts"]
    assert sum(parts.values()) == outcome.results["labels"]["items"]


def test_the_saved_measure_judges_as_the_trained_one_and_says_nothing_of_no_text(outcome: Outcome):
    measure = open_measure(outcome.folder)
    assert measure.version == outcome.results["target"]["hash"]
    wet, dry, empty = measure.judge(
        ["On Bado there is moss, and rain.", "On Bado there is sand, and dust.", " ... "]
    )
    assert (wet.label, dry.label) == ("wet", "dry")
    assert wet.value is not None
    assert dry.value is not None
    assert wet.value > 0.5 > dry.value
    assert (empty.outcome, empty.value) == ("unknown", None)
    files = {path.name for path in (outcome.folder / "measure").iterdir()}
    assert files == {"measure.json", "weights.npz", "README.md"}


def test_the_same_labels_and_seed_give_the_same_measure(outcome: Outcome, tmp_path: Path):
    shutil.copytree(outcome.folder, tmp_path / "islands")
    again = establish(settings(), tmp_path / "islands")
    assert again.results["target"]["hash"] == outcome.results["target"]["hash"]


def test_a_guarded_stream_keeps_every_field_and_order(outcome: Outcome):
    lines = [json.dumps({"text": f"There is {word}.", "id": word}) for word in ("rain", "dust")]
    rows = read_stream([line.encode() for line in [*lines, '"mist"']], "text")
    measure = open_measure(outcome.folder)
    found = [guarded_row(passed) for passed in guard(measure, rows, "text")]
    assert [row.get("id") for row in found] == ["rain", "dust", None]
    assert [row["label"] for row in found] == ["wet", "dry", "wet"]
    assert all(0 <= row["p_failure"] <= 1 for row in found)


def test_half_a_surrogate_pair_goes_through_a_guard_as_it_came(outcome: Outcome):
    rows = read_stream([rb'{"text": "rain \ud800", "id": "\u00e9"}'], "text")
    (passed,) = guard(open_measure(outcome.folder), rows, "text")
    line = guarded_line(passed).encode()
    assert json.loads(line)["text"] == "rain \ud800"
    assert json.loads(line)["id"] == "é"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b'{"body": "a"}', "'body'"),
        (b"{", "no JSON"),
        (b'"\xff"', "UTF-8"),
        (b"[1]", "list"),
        (b'{"text": null}', "'text' holds null"),
    ],
)
def test_a_bad_line_of_a_stream_is_named(line: bytes, says: str):
    with pytest.raises(ArtifactError, match=f"line 2.*{says}"):
        list(read_stream([b'"fine"', line], "text"))


def test_an_earlier_measure_can_be_started_from(outcome: Outcome, tmp_path: Path):
    folder = tmp_path / "later"
    shutil.copytree(outcome.folder, folder)
    later = establish(settings(establish__start_from=str(outcome.folder)), folder)
    assert "tfidf + start" in {row["by"].get("features") for row in later.results["figures"]}
    (kept,) = open_measure(folder).judge(["On Bado there is moss, and the new road has rain."])
    assert kept.label == "wet"
    with pytest.raises(ConfigError, match="this very run"):
        establish(settings(establish__start_from=str(folder)), folder)


def damage(measure: Path, **changes: object) -> None:
    content = json.loads((measure / "measure.json").read_text())
    (measure / "measure.json").write_text(json.dumps({**content, **changes}))


@pytest.mark.parametrize(
    "changes",
    [
        {"labels": ["wet", "dry"]},
        {"failure": ["other"]},
        {"threshold": 7},
        {"format": 9},
        {"calibration": {"temperature": -1, "bias": [], "steps": []}},
        {"calibration": {"temperature": 1, "bias": [0] * 99, "steps": []}},
        {"classifier": {"kind": "linear", "features": {"kind": "tfidf", "grams": [["a"], ["b"]]}}},
        {"classifier": {"kind": "linear", "features": {"kind": "embedded", "origin": {}}}},
        {"classifier": []},
    ],
)
def test_a_strangers_damaged_measure_is_refused(
    outcome: Outcome, tmp_path: Path, changes: dict[str, object]
):
    folder = shutil.copytree(outcome.folder / "measure", tmp_path / "stranger")
    damage(folder, **changes)
    with pytest.raises(TemperError):
        open_measure(folder)


def test_pickled_huge_unknown_and_infinite_arrays_are_refused(outcome: Outcome, tmp_path: Path):
    folder = shutil.copytree(outcome.folder / "measure", tmp_path / "stranger")
    with np.load(folder / "weights.npz") as kept:
        arrays = {name: kept[name] for name in kept.files}
    bad = {
        "pickled": {**arrays, "bias": np.array([{}], dtype=object)},
        "unknown": {**arrays, "extra": np.zeros(1, np.float32)},
        "infinite": {**arrays, "bias": arrays["bias"] + np.float32(np.inf)},
        "wide": {**arrays, "bias": arrays["bias"].astype(np.float64)},
    }
    for content in bad.values():
        np.savez(folder / "weights.npz", **content)  # type: ignore[arg-type]
        with pytest.raises(MeasureError):
            open_measure(folder)
    (folder / "weights.npz").write_bytes(b"PK")
    with pytest.raises(MeasureError):
        open_measure(folder)


def test_a_measure_abstains_in_its_band(outcome: Outcome):
    from dataclasses import replace

    measure = replace(open_measure(outcome.folder), abstain=(0.2, 0.8))
    assert [measure.outcome(value) for value in (0.1, 0.5, 0.9)] == ["safe", "unknown", "hit"]


def columns(count: int = 200, weight: float = 1.0):  # type: ignore[no-untyped-def]
    items = [Item(id=str(n), text=f"text {n}", weight=weight) for n in range(count)]
    values = [LABELS[n % 3] for n in range(count)]
    return as_columns(items, values, LABELS, np.arange(count) // 2)


def test_no_cluster_is_torn_apart_by_split_or_folds():
    parts = split_items(columns(), audit=0.3, calibration=0.3, seed=0)
    groups = [set(part.groups_N.tolist()) for part in parts]
    assert not groups[0] & groups[1]
    assert not groups[0] & groups[2]
    assert not groups[1] & groups[2]
    assert 40 < len(parts.audit) < 80
    folds = folds_of(parts.training, 4, 0)
    assert sum(map(len, folds)) == len(parts.training)
    own = [set(parts.training.groups_N[fold].tolist()) for fold in folds]
    assert len(set().union(*own)) == sum(map(len, own))


def test_more_labels_leave_the_audit_slice_where_it_was():
    few = split_items(columns(100), audit=0.2, calibration=0.2, seed=0)
    many = split_items(columns(200), audit=0.2, calibration=0.2, seed=0)
    assert set(few.audit.ids) <= set(many.audit.ids)


def test_texts_that_were_sought_are_trained_on_and_never_audited():
    parts = split_items(columns(weight=0.0), audit=0.3, calibration=0.3, seed=0)
    assert (len(parts.training), len(parts.audit), len(parts.calibration)) == (200, 0, 0)


def test_one_class_only_and_fewer_clusters_than_folds_are_refused():
    only = columns().part(columns().classes_N == 0)
    with pytest.raises(MeasureError, match=r"labelled 'dry' \(only wet\)"):
        check_classes(only, LABELS, 3)
    with pytest.raises(MeasureError, match="fewer than 5 folds"):
        check_classes(columns(9), LABELS, 5)


@pytest.mark.parametrize("fit", ["temperature", "isotonic"])
def test_calibration_undoes_equal_class_weights_and_respects_sampling_weights(fit: str):
    rng = np.random.default_rng(0)
    failing = rng.random(6_000) < 0.1
    logit = np.where(failing, 1.0, -1.0) + rng.normal(size=6_000)
    balanced = 1 / (1 + np.exp(-4 * logit))  # says all classes are as frequent, and too sure of it
    both = np.stack([1 - balanced, balanced], axis=1)
    drawn = rng.random(6_000) < np.where(failing, 1.0, 0.25)  # failures were sought out
    weights = np.where(failing, 1.0, 4.0)
    half = np.arange(6_000) < 3_000
    mine = drawn & half
    given = both[mine], failing[mine].astype(np.int64), weights[mine]
    found = fit_temperature(*given) if fit == "temperature" else fit_isotonic(*given, [1])
    said = found.probabilities(both[~half], [1])[:, 1]
    assert abs(said.mean() - 0.1) < 0.02
    assert expected_calibration_error(said, failing[~half], np.ones(3_000)) < 0.03
    raw = both[~half][:, 1]
    assert expected_calibration_error(raw, failing[~half], np.ones(3_000)) > 0.1


def test_a_probe_names_the_layer_that_it_reads(table: Path, tmp_path: Path):
    label_from_file(tmp_path, CONCERN, table, Columns("text", "label"), {}, None)
    wanted = {"target.name": "abacus-s", "target.threads": 1, "establish.features": ["states"]}
    found = establish(load_establish(None, {**wanted, "establish.strengths": [1.0]}), tmp_path)
    tried = {row["by"].get("features") for row in found.results["figures"]} - {None}
    assert tried >= {"states/layer 0", "states/layer 1"}
    assert figure(found, "measure.macro_recall") > 0.8
    measure = open_measure(tmp_path)
    assert measure.judge(["There is rain and moss."])[0].label == "wet"
    damage_origin(tmp_path / "measure")
    with pytest.raises(TemperError, match="not the model"):
        open_measure(tmp_path)


def damage_origin(folder: Path) -> None:
    content = json.loads((folder / "measure.json").read_text())
    content["classifier"]["features"]["origin"]["hash"] = "another"
    (folder / "measure.json").write_text(json.dumps(content))
