"""What a target says is hostile: on the page nothing of it runs, and out comes what went in."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from temper.label.answers import keep_answer
from temper.label.filling import Entry, fill
from temper.label.formats import export_labels, read_labels
from temper.label.next_item import next_item
from temper.label.render import marked
from temper.label.settings import Settings
from temper.label.tables import LabelStore
from temper.records import imported_item_id
from tests.label.conftest import TRUTHS, Page, Running, answer
from tests.label.test_page import opened, press

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Serve = Callable[..., Running]
HOSTILE = (
    "<script>document.title='owned'</script>",
    "<img src=x onerror=\"document.title='owned'\"><svg onload=\"document.title='owned'\">",
    "</article></main><form action=http://example.org><button data-key=1>true</button></form>",
    "<style>*{display:none}</style><link rel=stylesheet href=http://example.org/x.css>",
    "<a href=\"javascript:document.title='owned'\" data-key=1>press 1</a> javascript:alert(1)",
    "\x1b[31mred\x1b[0m \x1b]0;owned\x07 \x9b2J",
    "abc \u202egnirts desrever\u202c \u2066 \u2069 \u200f mixed",
    "nul \x00 and \x00\x00 bell \x07 form feed \x0c",
    "{{ 7 * 7 }} {% include 'enter.html' %} ${7*7} <%= 7 %>",
    "lone surrogates \ud800 \udfff and a zalgo e" + "\u0301\u0327" * 400,
    "hx-get=/leave <div hx-post=/leave hx-trigger=load>x</div>",
    "a" * 1_000_000,
    '=HYPERLINK("http://example.org") ,"\'\t\r\n\r end',
)
TEXTS = st.text(alphabet=st.characters(), max_size=60)


def entries(texts: "tuple[str, ...] | list[str]") -> list[Entry]:
    return [Entry(imported_item_id(one), one) for one in texts]


def test_nothing_hostile_runs_and_the_layout_holds(browser: "Browser", serve: Serve):
    prompted = [
        Entry(imported_item_id(one), one, prompt=one[:500], reference=one[:500]) for one in HOSTILE
    ]
    run = serve(prompted)
    asked: list[str] = []
    with opened(browser, run, "ann", viewport={"width": 390, "height": 800}) as page:
        page.on("request", lambda request: asked.append(request.url))
        for one in HOSTILE:
            page.keyboard.press("p")
            page.keyboard.press("r")
            page.wait_for_selector("div#reference")
            assert page.title() == "Label · temper"
            assert page.locator(".text :not(.mark)").count() == 0
            assert page.locator("#reference a, script:not([src]), img, style").count() == 0
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, one[:40]
            box = page.locator(".choice button").first.bounding_box()
            assert box is not None
            assert box["y"] < 3_000
            press(page, "2")
        assert "Nothing left" in page.inner_text("main")
    assert all(url.startswith(run.url) for url in asked)
    assert [one.text for one in run.labels()] == list(HOSTILE)


def test_hostile_notes_names_and_proposals_show_as_text(browser: "Browser", serve: Serve):
    run = serve(entries(["One.", "Two."]))
    bad = HOSTILE[0] + HOSTILE[1] + HOSTILE[6]
    with run.client(HOSTILE[0]) as owner:
        answer(owner, "true", note=bad)
        owner.post("/propose", data={"label": HOSTILE[0][:40], "definition": bad, "item": ""})
    with opened(browser, run, "ann") as page:
        for path in ("agreement", "disagreements", "guideline"):
            page.goto(f"{run.url}/{path}")
            assert page.title() != "owned"
            assert page.locator("img, script:not([src])").count() == 0
        assert "<script>" in page.inner_text("main")


def test_the_whole_of_a_long_text_is_a_link_away(serve: Serve):
    run = serve(entries([HOSTILE[11]]))
    with run.client("ann") as ann:
        page = ann.get("/").text
        assert len(page) < 60_000
        whole = ann.get(f"/text/{imported_item_id(HOSTILE[11])}")
        assert whole.text == HOSTILE[11]
        assert whole.headers["content-type"].startswith("text/plain")
        assert whole.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("name", ["out.jsonl", "out.csv", "out.parquet", "ls.json", "ar.json"])
def test_hostile_texts_come_back_byte_by_byte(tmp_path: Path, name: str):
    texts = [one for one in HOSTILE if name.endswith("json") or "\ud800" not in one]
    store = labelled(tmp_path / "one", texts)
    tool = {"ls.json": "label-studio", "ar.json": "argilla"}.get(name)
    assert export_labels(store, TRUTHS, tmp_path / name, tool).replaced == 0
    back = read_labels(tmp_path / name, None, TRUTHS, {})
    assert [one.text for one in back] == texts


def test_what_a_format_cannot_hold_is_counted(tmp_path: Path):
    store = labelled(tmp_path / "one", ["fine", "lone \ud800"])
    assert export_labels(store, TRUTHS, tmp_path / "out.csv", None).replaced == 1
    assert export_labels(store, TRUTHS, tmp_path / "out.jsonl", None).replaced == 0
    assert "\ud800" in read_labels(tmp_path / "out.jsonl", None, TRUTHS, {})[1].text


@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(texts=st.lists(TEXTS, min_size=100, max_size=100, unique=True))
def test_any_text_passes_through_page_database_and_file_unchanged(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
):
    folder = tmp_path_factory.mktemp("any")
    texts = [one for one in texts if one]
    for one in texts:
        page = Page(f"<article id=item>{marked(one)}</article>")
        assert page.text is not None
        assert "<" not in str(marked(one)).replace('<span class="mark" title=', "").replace(
            "</span>", ""
        )
    store = labelled(folder, texts)
    export_labels(store, TRUTHS, folder / "out.jsonl", None)
    back = read_labels(folder / "out.jsonl", None, TRUTHS, {})
    assert [one.text for one in back] == texts
    rows = [json.loads(line) for line in (folder / "out.jsonl").read_text().splitlines()]
    assert [row["text"] for row in rows] == texts
    store.close()


def labelled(folder: Path, texts: list[str]) -> LabelStore:
    """A run in which somebody labelled these texts, item by item."""
    folder.mkdir(exist_ok=True)
    store = LabelStore(folder / "run.sqlite")
    store.add_guideline(TRUTHS)
    fill(store, "label", entries(texts))
    here = Settings(guideline=TRUTHS.version)
    for number, _ in enumerate(texts):
        served = next_item(store, here, "ann", float(number), True)
        assert served is not None
        keep_answer(
            store,
            here,
            TRUTHS,
            TRUTHS,
            annotator="ann",
            item_id=served.item_id,
            value="true",
            note=served.text,
            now=number + 0.5,
        )
    return store
