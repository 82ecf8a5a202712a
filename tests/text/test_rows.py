import json
from pathlib import Path

import pytest

from temper.errors import ArtifactError
from temper.text.rows import read_rows, value_of

ROWS = [{"text": "one, two", "label": "True"}, {"text": "drei ½", "label": "False"}]


def test_the_same_rows_come_from_csv_jsonl_parquet_a_saved_data_set_and_a_folder(tmp_path: Path):
    import datasets

    (tmp_path / "a.csv").write_text('text,label\n"one, two",True\ndrei ½,False\n', "utf-8-sig")
    (tmp_path / "b.jsonl").write_text("\n".join(json.dumps(row) for row in ROWS) + "\n\n")
    data_set = datasets.Dataset.from_list(ROWS)
    data_set.to_parquet(str(tmp_path / "c.parquet"))
    data_set.save_to_disk(str(tmp_path / "saved"))
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "part.jsonl").write_text((tmp_path / "b.jsonl").read_text())
    for name in ("a.csv", "b.jsonl", "c.parquet", "saved", "folder"):
        assert list(read_rows(tmp_path / name)) == ROWS, name


def test_a_missing_column_is_named_with_those_that_there_are(tmp_path: Path):
    with pytest.raises(ArtifactError, match=r"no column 'label'.*'text', 'verdict'"):
        value_of({"text": "a", "verdict": "b"}, "label", tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("mixed.csv", "text,label\ncafé,a\n".encode() + "café,b\n".encode("latin-1"), "line 3"),
        ("ragged.csv", b"text,label\na,b,c\n", "line 2"),
        ("broken.jsonl", b'{"text": 1}\n{"text"\n', "line 2"),
        ("list.jsonl", b"[1]\n", "no JSON object"),
        ("strange.xml", b"<a/>", "cannot be read"),
        ("broken.parquet", b"PAR", "parquet"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(
    tmp_path: Path, name: str, content: bytes, says: str
):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ArtifactError, match=says):
        list(read_rows(tmp_path / name))
