"""Fine-tuning and public classifiers, on a checkpoint so small that a test can make it."""

from pathlib import Path

import pytest

from temper.campaigns.establish import establish
from temper.campaigns.given_labels import Columns, label_from_file
from temper.campaigns.guard import open_measure
from temper.campaigns.labelling import label_by_classifier
from temper.config import load_establish
from temper.errors import ConfigError, TemperError
from temper.establish.annotators import ThresholdAnnotator
from temper.store import Store
from tests.establish.conftest import CONCERN, ISLANDS
from tests.tiny import tiny_classifier


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sequence classifier that knows the islands' words."""
    words = [*(word for own in ISLANDS.values() for word in own), "stone", "wind"]
    return tiny_classifier(tmp_path_factory.mktemp("checkpoint") / "tiny", words)


def test_a_public_classifier_labels_by_its_threshold(checkpoint: Path, table: Path, tmp_path: Path):
    label_from_file(tmp_path, CONCERN, table, Columns("text", "label"), {}, None)
    both = ThresholdAnnotator(name="tiny", threshold=0.0, at_or_above="wet", below="dry")
    done = label_by_classifier(tmp_path, None, checkpoint, ["toxic"], both, None, 20)
    assert (done.given, done.new) == (20, 20)
    with Store(tmp_path / "run.sqlite") as store:
        mine = [one for one in store.labels() if one.annotator == "tiny"]
    assert {one.value for one in mine} == {"wet"}
    assert all(one.note.startswith("p=0.") for one in mine)
    with pytest.raises(ConfigError, match="calm, toxic"):
        label_by_classifier(tmp_path, None, checkpoint, ["rude"], both, None, 20)


def test_a_fine_tuned_ensemble_is_saved_and_judges_anew(
    checkpoint: Path, table: Path, tmp_path: Path
):
    label_from_file(tmp_path, CONCERN, table, Columns("text", "label"), {}, None)
    wanted = {
        "establish.features": ["finetune"],
        "establish.checkpoint": str(checkpoint),
        "establish.members": 2,
        "establish.epochs": 12,
        "establish.learning_rate": 0.01,
        "establish.recall_floor": 0.0,
    }
    found = establish(load_establish(None, wanted), tmp_path)
    assert found.results["measure"]["features"] == "finetune"
    measure = open_measure(tmp_path)
    assert measure.judge(["rain and moss"])[0].label == "wet"
    assert not list((tmp_path / "measure").rglob("*.bin"))


def test_a_folder_that_is_no_classifier_is_one_clear_error(tmp_path: Path):
    nobody = ThresholdAnnotator(name="x", threshold=0.5, at_or_above="wet", below="dry")
    with pytest.raises(TemperError, match=r"no config.json"):
        label_by_classifier(tmp_path, CONCERN, tmp_path, ["toxic"], nobody, None, None)
