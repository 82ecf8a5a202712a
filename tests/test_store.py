import sqlite3
from pathlib import Path

import pytest

from temper.errors import StoreError
from temper.records import Attack, Candidate, Decoding, Prompt, Reply, Request
from temper.store import Store
from temper.store.schema import MIGRATIONS


def exchange(number: int, text: str = "x" * 2_000) -> tuple[Request, Reply]:
    request = Request(prompt=Prompt.user(f"{number}"), decoding=Decoding())
    return request, Reply(request_id=request.id, text=text)


def test_a_full_disk_is_one_clear_error_and_loses_nothing(tmp_path: Path):
    path = tmp_path / "run.sqlite"
    kept: list[str] = []

    def fill() -> None:
        with Store(path, max_megabytes=0.2) as store:
            for number in range(1_000):
                request, reply = exchange(number)
                store.add_replies("search", "target", [(request, reply)])
                kept.append(request.id)

    with pytest.raises(StoreError, match="Free some disk space"):
        fill()
    assert kept
    with Store(path) as store:
        assert set(store.replies(kept)) == set(kept)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path):
    path = tmp_path / "run.sqlite"
    path.write_bytes(b"this is no database at all, " * 100)
    with pytest.raises(StoreError, match="damaged or no temper database"):
        Store(path)


def test_a_database_of_a_newer_temper_is_refused(tmp_path: Path):
    path = tmp_path / "run.sqlite"
    Store(path).close()
    with sqlite3.connect(path) as database:
        database.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    database.close()
    with pytest.raises(StoreError, match="newer temper"):
        Store(path)


def test_others_read_while_one_writes(store: Store):
    store.add_replies("search", "target", [exchange(1)])
    reader = sqlite3.connect(f"file:{store.path}?mode=ro", uri=True)
    with store.transaction():
        assert reader.execute("SELECT count(*) FROM exchanges").fetchone() == (1,)
    reader.close()


def test_forgetting_a_stage_leaves_the_others(store: Store):
    for stage in ("search/pirs", "search/random", "measure"):
        request, reply = exchange(len(stage))
        store.add_replies(stage, "target", [(request, reply)])
    store.forget("search")
    assert [row["stage"] for row in store.spent()] == ["measure"]


def test_rejected_candidates_are_kept_with_lineage(store: Store):
    attack = Attack(text="\ud800 {z}", attacker="pirs", round=2, parents=("p1", "p2"), seed=7)
    store.add_candidates([Candidate(attack=attack, accepted=False, reason="margin", score=-1.5)])
    (row,) = store.candidates()
    assert (row["text"], row["round"], row["parents"]) == ("\ud800 {z}", 2, '["p1", "p2"]')
    assert (row["accepted"], row["reason"], row["score"]) == (0, "margin", -1.5)
