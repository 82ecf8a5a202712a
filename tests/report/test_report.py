import json
import shutil
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from temper.config import ReportConfig
from temper.records import Attack, Candidate, Finding
from temper.report.attack import attack_page, headline
from temper.report.figures import rate_in_words
from temper.report.harden import no_way_out
from temper.report.warnings import unknown_warning
from temper.store import Store

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HOSTILE = (
    "</script><script>document.title='owned'</script>"
    "<img src=x onerror=document.title='owned'>\x1b[31m\u202e"
)


def opened(browser: "Browser", path: Path) -> "tuple[Page, list[str], list[str]]":
    page = browser.new_page()
    errors: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: errors.append(message.text))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    page.wait_for_selector("#chart-success svg")
    return page, errors, asked


def test_the_page_draws_its_charts_alone_and_without_a_complaint(
    browser: "Browser", finished_run: Path
):
    page, errors, asked = opened(browser, finished_run / "report.html")
    assert errors == []
    assert asked == [(finished_run / "report.html").as_uri()]
    assert page.locator("figure svg").count() >= 2
    assert "abacus-s" in page.inner_text("body")
    assert "every weakness is known" in page.inner_text("body")
    page.close()


def test_the_page_is_legible_on_a_phone_and_in_the_dark(browser: "Browser", finished_run: Path):
    page = browser.new_page(viewport={"width": 390, "height": 800}, color_scheme="dark")
    page.goto((finished_run / "report.html").as_uri())
    page.wait_for_selector("#chart-success svg")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 400
    page.close()


def hostile_run(finished_run: Path, folder: Path) -> Path:
    """The finished run with an attack and responses that try to leave the page."""
    shutil.copytree(finished_run, folder)
    with Store(folder / "run.sqlite") as store:
        attack = Attack(text=HOSTILE, attacker="pirs")
        store.add_candidates(
            [Candidate(attack=attack, accepted=True, reason="accepted", score=9.0, order=999)]
        )
        store.add_findings(
            [Finding(attack_id=attack.id, attacker="pirs", members=(attack.id,), score=9.0)]
        )
    database = sqlite3.connect(folder / "run.sqlite")
    database.execute("UPDATE exchanges SET response = ?", (HOSTILE,))
    database.execute("UPDATE attempts SET attacker = 'pirs', selection = 'accepted'")
    database.commit()
    database.close()
    results = json.loads((folder / "results.json").read_text())
    with Store(folder / "run.sqlite") as store:
        page = attack_page(store, results, ReportConfig(title=HOSTILE))
    (folder / "report.html").write_text(page, encoding="utf-8")
    return folder / "report.html"


def test_hostile_text_is_shown_and_never_run(
    browser: "Browser", finished_run: Path, tmp_path: Path
):
    path = hostile_run(finished_run, tmp_path / "hostile")
    page, errors, _ = opened(browser, path)
    assert page.title() != "owned"
    assert page.locator("img").count() == 0
    assert errors == []
    assert "onerror" in page.inner_text("body")
    page.close()


def figure(**changes: object) -> dict[str, object]:
    row = {"name": "attack.targeted", "value": 0.5, "low": 0.4, "high": 0.6, "n": 100}
    row |= {"unknown": 0, "bounds": None, "void": 0, "cluster": "attack", "clusters": 10}
    row |= {"judge": "exact", "by": {"attacker": "pirs"}}
    return row | changes


def test_a_rate_in_words_names_n_interval_judge_and_unknowns():
    words = rate_in_words(figure(unknown=7, bounds=[0.46, 0.53], judge="model"))
    for part in ("50.0 %", "[40.0 %, 60.0 %]", "n = 100", "judge model, uncorrected", "unknown 7"):
        assert part in words
    assert "between 46.0 % and 53.0 %" in words


def test_a_rate_over_fewer_than_twenty_clusters_says_so():
    assert "19 clusters (attack), too few clusters" in rate_in_words(figure(clusters=19))
    assert "too few" not in rate_in_words(figure(clusters=20))


def test_unknowns_that_could_change_the_conclusion_are_said_first():
    assert unknown_warning([figure()]) is None
    warning = unknown_warning([figure(unknown=30, bounds=[0.3, 0.6])])
    assert warning is not None
    assert "between 30.0 % and 60.0 %" in warning


def test_a_search_without_finds_says_so_and_claims_no_safety():
    figures = [
        figure(name="search.queries", value=1600, n=130, by={"attacker": "pirs"}),
        figure(name="search.accepted", value=0, n=90, by={"attacker": "pirs"}),
    ]
    text = headline(
        {
            "target": {"name": "abacus-sound"},
            "protocol": {"attack.aim": "targeted"},
            "figures": figures,
        }
    )
    assert "Nothing found on abacus-sound in 90 attacks (1600 queries)" in text
    assert "at most 3.27 %" in text
    assert "other attackers may do better" in text


@pytest.mark.parametrize(
    ("before", "after", "methods", "said"),
    [
        (1.0, 0.99, ["rl"], True),
        (1.0, 0.2, ["rl"], False),
        (0.6, 0.6, ["rl"], False),
        (1.0, 1.0, ["sft"], False),
    ],
)
def test_a_hardening_by_reward_says_where_no_answer_could_be_rewarded(
    before: float, after: float, methods: list[str], said: bool
):
    rates = {"before": before, "after": after}
    figures = [
        {"name": "exploit.failure_rate", "by": {"side": side, "split": "trained"}, "value": value}
        for side, value in rates.items()
    ]
    found = no_way_out({"figures": figures, "protocol": {"harden.methods": methods}})
    assert (found is not None) == said
    assert "leave a way out" in (found or "leave a way out")
