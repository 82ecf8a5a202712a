"""Loopback by default, a token beyond, and no answers from another page."""

from collections.abc import Callable
from pathlib import Path

import pytest

from temper.errors import TargetError
from temper.label import people
from temper.label.app import serve as serve_at
from temper.label.security import Access
from temper.label.settings import Settings
from temper.label.tables import LabelStore
from temper.label.visits import Desk
from tests.conftest import Command
from tests.label.conftest import TRUTHS, Page, Running, answer, numbers, shown

Serve = Callable[..., Running]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://example.org"},
        {"Origin": "null"},
        {"Origin": "https://127.0.0.1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_other_origins_cannot_post(serve: Serve, headers: dict[str, str]):
    run = serve(numbers(2))
    with run.client("ann") as ann:
        page = Page(ann.get("/").text)
        given = {"item": page.fields["item"], "guideline": TRUTHS.version, "value": "true"}
        for path in ("/label", "/undo", "/leave", "/enter", "/guideline/save", "/adjudicate"):
            assert ann.post(path, data=given, headers=headers).status_code == 403
        assert run.labels() == []
        ann.post("/label", data=given, headers={"Origin": run.url})
        assert len(run.labels()) == 1


def test_another_name_for_this_machine_is_refused(serve: Serve):
    run = serve(numbers(1))
    with run.client("ann") as ann:
        assert ann.get("/", headers={"Host": "evil.example:80"}).status_code == 403
        assert ann.get("/", headers={"Host": "localhost:80"}).status_code == 200


def test_every_answer_forbids_inline_scripts_and_frames(serve: Serve):
    run = serve(numbers(1))
    with run.client("ann") as ann:
        for path in ("/", "/enter", "/welcome", "/guideline", "/agreement", "/disagreements"):
            got = ann.get(path)
            policy = got.headers["content-security-policy"]
            assert "unsafe" not in policy
            assert "default-src 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "<script>" not in got.text
            assert " style=" not in got.text
            assert " onclick=" not in got.text


def test_beyond_this_machine_a_token_is_needed(tmp_path: Path, serve: Serve):
    with LabelStore(tmp_path / "run.sqlite") as store:
        desk = Desk(store=store, settings=Settings(guideline=TRUTHS.version), access=Access())
        with pytest.raises(TargetError, match="token"):
            serve_at(desk, "0.0.0.0", 0, print)
    run = serve(numbers(2), access=Access("open sesame", "lead on"))
    with run.client() as stranger:
        assert "Who are you" in stranger.get("/").text
        assert stranger.post("/enter", data={"name": "eve"}).status_code == 403
        assert stranger.post("/enter", data={"name": "eve", "token": "wrong"}).status_code == 403
        assert "Who are you" in stranger.get("/").text
        stranger.post("/enter", data={"name": "ann", "token": "open sesame"})
        stranger.post("/welcome")
        assert shown(stranger) == numbers(2)[0]
        assert stranger.get("/guideline/edit").status_code == 403
        assert stranger.post("/adjudicate", data={"item": "x", "value": "true"}).status_code == 403
    with run.client() as lead:
        lead.post("/enter", data={"name": "lea", "token": "lead on"})
        assert lead.get("/guideline/edit").status_code == 200


def test_a_name_with_a_link_of_its_own_needs_it(serve: Serve):
    run = serve(numbers(2))
    with run.store() as store:
        token = people.invite(store, "ann", 0.0)
    with run.client() as someone:
        assert someone.post("/enter", data={"name": "ann"}).status_code == 403
        assert "This link is for" in someone.get(f"/enter?token={token}").text
        someone.post("/enter", data={"token": token})
        someone.post("/welcome")
        assert "run · ann" in someone.get("/").text
    assert token.encode() not in (run.folder / "run.sqlite").read_bytes()


def test_only_named_leads_change_things_where_some_are_named(serve: Serve):
    run = serve(numbers(2), leads=("lea",))
    with run.client("ann") as ann, run.client("lea") as lea:
        assert ann.get("/guideline/edit").status_code == 403
        assert lea.get("/guideline/edit").status_code == 200


def test_a_form_without_end_is_refused(serve: Serve):
    run = serve(numbers(2))
    with run.client("ann") as ann:
        assert ann.post("/draft", content=b"note=" + b"x" * 5_000_000).status_code == 413


def test_a_person_is_forgotten_with_everything_and_the_others_stay(serve: Serve, temper: Command):
    run = serve(numbers(3), each=2)
    with run.client("zelda") as zelda, run.client("bob") as bob:
        answer(zelda, "true", note="my secret thought")
        answer(bob, "true")
        zelda.post(
            "/adjudicate", data={"item": Page(bob.get("/").text).fields["item"], "value": "false"}
        )
        zelda.post("/propose", data={"label": "odd", "definition": "x"})
    run.__exit__()
    done = temper("label", str(run.folder), "--forget", "zelda")
    assert done.returncode == 0, done.stderr
    assert "2 labels" in done.stdout
    assert [one.annotator for one in run.labels()] == ["bob"]
    for file in run.folder.iterdir():
        assert b"zelda" not in file.read_bytes()
        assert b"secret thought" not in file.read_bytes()
    done = temper("label", str(run.folder), "--forget", "zelda")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    run.__enter__()
