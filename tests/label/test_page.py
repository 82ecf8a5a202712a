"""The page in a real browser: by keyboard, on a phone, in the dark, under a strict policy."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from temper.label.filling import Entry
from tests.label.conftest import TRUTHS, Running, answer, numbers

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Serve = Callable[..., Running]
AXE = (Path(__file__).parent / "axe.min.js").read_text("utf-8")
KEYS = {"true": "1", "false": "2", "neither": "3"}


@contextmanager
def opened(browser: "Browser", run: Running, name: str, **options: Any) -> "Generator[Page]":
    """A browser of one person, past the content note; any complaint of the page fails the test."""
    context = browser.new_context(**options)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(run.url)
    page.fill("#name", name)
    page.keyboard.press("Enter")
    page.click("text=Show me the first text")
    page.wait_for_selector("main.labelling")
    yield page
    context.close()
    away = ("net::ERR", "htmx:sendError", "htmx:afterRequest")  # while the server is down
    assert [one for one in complaints if not any(part in one for part in away)] == []


def press(page: "Page", key: str) -> str:
    """Press a key and wait until another item, or this one anew, is there; give back its text."""
    page.evaluate("document.querySelector('#main').dataset.old = 1")
    page.keyboard.press(key)
    page.wait_for_selector("#main:not([data-old])")
    item = page.locator("#item")
    return item.inner_text() if item.count() else ""


def label_for(text: str) -> str:
    return list(KEYS)[int(text.split()[2]) % 3]


def test_thirty_items_by_keyboard_through_undo_restart_and_a_changed_guideline(
    browser: "Browser", serve: Serve
):
    run = serve(numbers(30), each=2, then="Run the same command again.")
    with opened(browser, run, "ann") as ann, opened(browser, run, "bob") as bob:
        texts = {"ann": ann.inner_text("#item"), "bob": bob.inner_text("#item")}
        pages = {"ann": ann, "bob": bob}

        def work(times: int) -> None:
            for _ in range(times):
                for name, page in pages.items():
                    texts[name] = press(page, KEYS[label_for(texts[name])])

        work(8)
        press(ann, "1")  # wrong, and taken back
        texts["ann"] = press(ann, "u")
        work(4)
        run.__exit__()
        ann.keyboard.press("1")  # nobody is there to hear it
        ann.wait_for_function("document.querySelector('#status').classList.contains('problem')")
        assert "not stored" in ann.inner_text("#status")
        again_at = run.url.rsplit(":", 1)[1]
        run.restart(int(again_at))
        work(4)
        bob.goto(f"{run.url}/guideline/edit")
        bob.fill("#definition-2", "the table has it otherwise, in any detail")
        bob.click("text=See what it affects")
        assert bob.locator("[name=affected][value=false]").is_checked()
        bob.click("text=Put it in force")
        bob.goto(run.url)
        texts["bob"] = bob.inner_text("#item")
        again = 0
        for name, page in pages.items():
            while texts[name]:
                again += page.locator("text=The guideline has changed").count()
                texts[name] = press(page, KEYS[label_for(texts[name])])
            assert "Nothing left for you" in page.inner_text("main")
            assert "Run the same command again." in page.inner_text("main")
    labels = run.labels()
    assert len(labels) == 60
    assert {(one.annotator, one.text) for one in labels} == {
        (name, text) for name in pages for text in numbers(30)
    }
    assert all(one.value == label_for(one.text) for one in labels)
    # "false" was given 10 or 11 times before the change, once on a page older than it
    assert again >= 10
    versions = {one.guideline for one in labels if one.value == "false"}
    assert len(versions) == 1
    assert versions != {TRUTHS.version}
    assert TRUTHS.version in {one.guideline for one in labels if one.value == "true"}


def test_a_key_held_down_answers_once_and_none_while_typing(browser: "Browser", serve: Serve):
    run = serve(numbers(5))
    with opened(browser, run, "ann") as page:
        page.keyboard.press("n")
        page.keyboard.type("112 s u")
        assert run.labels() == []
        page.keyboard.press("Escape")
        page.keyboard.down("1")
        for _ in range(5):
            page.keyboard.down("1")  # what a held key sends
        page.keyboard.up("1")
        page.wait_for_selector("text=1 done")
        (label,) = run.labels()
        assert label.note == "112 s u"
        assert page.evaluate("document.activeElement.id") == "item"
        assert "Stored: true." in page.inner_text("#status")
        page.click("text=Single-key shortcuts")
        page.keyboard.press("1")
        page.reload()
        page.keyboard.press("1")
        assert len(run.labels()) == 1


def test_a_note_is_kept_while_it_is_typed(browser: "Browser", serve: Serve):
    run = serve(numbers(2))
    with opened(browser, run, "ann") as page:
        with page.expect_response("**/draft"):
            page.fill("#note", "half a thought")
        page.reload()
        assert page.input_value("#note") == "half a thought"


def test_a_reference_is_recorded_when_it_is_unfolded(browser: "Browser", serve: Serve):
    entries = [
        Entry("a", "One.", reference="https://example.org/one"),
        Entry("b", "Two.", reference="javascript:alert(1)"),
        Entry("c", "Three.", prompt="What comes after two?"),
    ]
    run = serve(entries)
    with opened(browser, run, "ann") as page:
        page.keyboard.press("r")
        page.wait_for_selector("div#reference")
        assert page.get_attribute("#reference a", "href") == "https://example.org/one"
        press(page, "1")
        press(page, "1")
        assert not page.locator("details.prompt .text").is_visible()
        page.keyboard.press("p")
        page.wait_for_selector("details.prompt[open]")
        assert "after two" in page.inner_text("details.prompt")
        press(page, "1")
        assert [one.reference_seen for one in run.labels()] == [True, False, False]
        press(page, "u")
        press(page, "u")
        page.keyboard.press("r")
        page.wait_for_selector("div#reference")
        assert page.locator("#reference a").count() == 0  # no link: it is shown as text


def test_no_page_has_a_serious_barrier(browser: "Browser", serve: Serve):
    run = serve([Entry("a", "One.", prompt="Why?", reference="because"), *numbers_as(1)], each=2)
    with run.client("bob") as bob:
        answer(bob, "true")
    with opened(browser, run, "ann") as page:
        page.keyboard.press("r")
        page.wait_for_selector("div#reference")
        page.click("text=A label is missing?")
        found = barriers(page)
        press(page, "2")
        for path in ("welcome", "guideline", "agreement", "disagreements", "guideline/edit"):
            page.goto(f"{run.url}/{path}")
            found += barriers(page)
        page.fill("#label-4", "unclear")
        page.click("text=See what it affects")
        found += barriers(page)
        page.click("text=Leave")
        page.wait_for_url("**/enter")
        assert found + barriers(page) == []


def test_the_dark_page_can_be_read(browser: "Browser", serve: Serve):
    run = serve([Entry("a", "One.", prompt="Why?", reference="because"), *numbers_as(1)])
    with opened(browser, run, "ann", color_scheme="dark") as page:
        page.keyboard.press("p")
        background = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert max(int(part) for part in background[4:-1].split(",")) < 60
        assert barriers(page, "color-contrast") == []


def numbers_as(count: int) -> list[Entry]:
    return [Entry(str(number), text) for number, text in enumerate(numbers(count))]


def barriers(page: "Page", *rules: str) -> list[str]:
    """What axe-core calls serious or worse."""
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(rules.length ? {runOnly: rules} : {})", list(rules))
    assert found["passes"]  # else it looked at nothing
    return [
        f"{page.url}: {one['id']}: {one['nodes'][0]['html']}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]


def test_the_page_fits_a_phone(browser: "Browser", serve: Serve):
    long_word = "x" * 3_000
    run = serve([Entry("a", f"{long_word} {'word ' * 500}", prompt=long_word), *numbers_as(3)])
    phone = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
    with opened(browser, run, "ann", **phone) as page:
        for path in ("", "guideline", "guideline/edit", "agreement", "disagreements"):
            page.goto(f"{run.url}/{path}")
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
        page.goto(run.url)
        for button in page.locator(".choice button").all():
            box = button.bounding_box()
            assert box is not None
            assert box["height"] >= 44  # of a finger
        page.tap("text=neither")
        page.wait_for_selector("text=1 done")


def test_blur_hides_texts_until_asked_and_is_remembered(browser: "Browser", serve: Serve):
    run = serve(numbers(3))
    with opened(browser, run, "ann") as page:
        blurred = "getComputedStyle(document.querySelector('#item')).filter"
        assert page.evaluate(blurred) == "none"
        page.keyboard.press("b")
        assert "blur" in page.evaluate(blurred)
        press(page, "1")
        page.reload()
        assert "blur" in page.evaluate(blurred)
        page.hover("#item")
        assert page.evaluate(blurred) == "none"


def test_everything_works_without_scripts(browser: "Browser", serve: Serve):
    run = serve([Entry("a", "One.", reference="because"), *numbers_as(2)])
    with opened(browser, run, "ann", java_script_enabled=False) as page:
        page.click("text=Unfold the reference")
        assert "because" in page.inner_text("#reference")
        page.fill("#note", "by hand")
        page.click("button:has-text('false')")
        page.click("text=Undo")
        page.click("button:has-text('true')")
        page.click("[data-key=s]")
    said = [(one.value, one.note, one.reference_seen) for one in run.labels()]
    assert said == [("true", "by hand", True), ("", "", False)]
