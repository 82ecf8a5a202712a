"""Texts to vectors, and columns of texts out of files."""

from pathlib import Path

import numpy as np
import pytest

from temper.errors import ArtifactError, TargetError
from temper.protocols import Pooling, Target
from temper.targets.registry import shipped_models
from temper.text.column import read_texts
from temper.text.embed import Encoder, OwnStates, in_blocks
from temper.text.similarity import distinct_share, vendi_of

TEXTS = [f"There was rain in the castle {'today and ' * (n % 5)}at {n}." for n in range(70)]


@pytest.mark.parametrize("pooling", ["mean", "last"])
def test_an_encoder_reads_a_causal_checkpoint_as_the_target_reads_itself(
    abacus: Target, pooling: Pooling
):
    own = OwnStates(abacus, pooling)
    encoder = Encoder(shipped_models()["abacus-s"], pooling, threads=1)
    assert np.allclose(own.embed(TEXTS), encoder.embed(TEXTS), atol=1e-3)
    assert np.allclose(own.embed(TEXTS)[5], own.embed(TEXTS[5:6])[0], atol=1e-3)
    assert own.hash != encoder.hash


def test_vectors_come_in_the_order_of_the_texts():
    lengths = in_blocks(TEXTS, lambda part: np.array([[len(text)] for text in part], np.float32))
    assert lengths[:, 0].tolist() == [len(text) for text in TEXTS]
    assert in_blocks([], lambda part: np.zeros((0, 1), np.float32)).shape[0] == 0


def test_a_folder_that_is_no_encoder_is_named(tmp_path: Path):
    with pytest.raises(TargetError, match=r"no config\.json"):
        Encoder(tmp_path)


def test_vendi_counts_directions_whichever_way_the_matrix_lies():
    same, apart = np.repeat(np.eye(3, 8)[:1], 5, axis=0), np.eye(5, 8)
    assert vendi_of(same) == pytest.approx(1)
    assert vendi_of(apart) == pytest.approx(5)
    assert vendi_of(np.tile(np.eye(2), (6, 1))) == pytest.approx(2)


def test_distinct_pairs_of_words_are_shares_of_all_pairs():
    assert distinct_share(["a b c", "A b d"], 2) == pytest.approx(3 / 4)
    assert distinct_share(["a", ""], 2) is None


def test_a_column_of_texts_is_read_from_lines_or_tables(tmp_path: Path):
    (tmp_path / "a.txt").write_text("\ufeffone\n\n two \n")
    (tmp_path / "a.jsonl").write_text('{"text": "one", "n": 1}\n{"text": "two", "n": 2}\n')
    assert read_texts(tmp_path / "a.txt", "text") == ["one", "two"]
    assert read_texts(tmp_path / "a.jsonl", "text") == ["one", "two"]
    with pytest.raises(ArtifactError, match="cannot be read"):
        read_texts(tmp_path / "none.txt", "text")
    with pytest.raises(ArtifactError, match="no column 'x'; its columns are 'text', 'n'"):
        read_texts(tmp_path / "a.jsonl", "x")
