"""No surface may print a rate without n, interval, judge and unknowns."""

import copy
import json
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from temper.cli import summary
from temper.cli.ladder_summary import print_ladder
from temper.cli.suite_summary import print_suites
from temper.config import ReportConfig
from temper.records import Rate
from temper.report.attack import attack_page
from temper.report.campaign import campaign_page
from temper.report.ladder import ladder_page
from temper.report.measure import measure_page
from temper.report.replay import replay_page
from temper.report.suite import suite_page
from temper.store import Store, read_only
from tests.conftest import TINY

BLOCKS = {"tr", "p", "li", "figcaption", "summary"}
CARRIED = ("interval", "n", "judge", "unknown")


def marked(results: dict[str, Any]) -> tuple[dict[str, Any], set[str]]:
    """The results with a value of its own for every judged rate, as it will be printed."""
    results = copy.deepcopy(results)
    printed: set[str] = set()
    judged = [figure for figure in results["figures"] if figure["measure"]]
    for number, figure in enumerate(judged):
        figure |= {"value": 0.101 + number * 0.001, "low": 0.0, "high": 1.0, "unknown": 0}
        figure |= {"bounds": None}
        printed.add(f"{100 * figure['value']:.1f} %")
    assert 0 < len(judged) < 780  # above, two values would print alike
    return results, printed


class Blocks(HTMLParser):
    """The text of every block, and of table rows the header above them too."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._open: list[list[str]] = []
        self._header = ""
        self._head = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS or (tag == "div" and ("class", "card") in attrs):
            self._open.append([])
        self._head = self._head or tag == "th"

    def handle_data(self, data: str) -> None:
        if self._open:
            self._open[-1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if self._open and (tag in BLOCKS or tag == "div"):
            text = " ".join(self._open.pop())
            if tag == "tr" and self._head:
                self._header, self._head = text, False
            self.found.append((text, self._header if tag == "tr" else ""))


def bare(text: str, header: str, printed: set[str]) -> Iterator[str]:
    """What the block prints of a rate's value and does not carry with it."""
    for value in printed & set(re.findall(r"\d+\.\d %", text)):
        words = f"{header} {text}"
        carried = {
            "interval": "95 % interval" in header or re.search(r"\[[^\]]*%[^\]]*\]", text),
            "n": re.search(r"\bn = \d", text) or re.search(r"\bn\b", header),
            "judge": "judge" in words,
            "unknown": "unknown" in words,
        }
        missing = [name for name in CARRIED if not carried[name]]
        if missing:
            yield f"{value} without {', '.join(missing)}: {text[:120]}"


def complaints(page: str, printed: set[str]) -> list[str]:
    parser = Blocks()
    parser.feed(page)
    # the bound of a search that found nothing is no rate, and may print like one
    printed = printed - set(re.findall(r"at most (\d+\.\d %)", page))
    shown = {value for value in printed if any(value in text for text, _ in parser.found)}
    assert len(shown) >= len(printed) / 2  # else this test looks at nothing
    return [line for text, header in parser.found for line in bare(text, header, printed)]


def test_the_attack_page_prints_no_bare_rate(finished_run: Path):
    results, printed = marked(json.loads((finished_run / "results.json").read_text()))
    with read_only(finished_run / "run.sqlite") as store:
        page = attack_page(store, results, ReportConfig())
    assert complaints(page, printed) == []


LADDER = ("none", "revise1")


def cell(name: str, **facets: Any) -> dict[str, Any]:
    figure = Rate(
        name=name,
        value=0.5,
        low=0.4,
        high=0.6,
        n=20,
        cluster="text+problem",
        clusters=4,
        measure="arithmetic/any",
        judge="exact",
        by={"target": "abacus-s", **facets},
    )
    return figure.to_json()


def suite_results() -> dict[str, Any]:
    """Every kind of figure of `temper suite` once."""
    figures = [cell("suite.accuracy", suite=suite) for suite in ("clean", "ood")]
    figures += [cell("suite.steered", suite="ood"), cell("suite.refused", suite="ood", part="a")]
    figures += [
        cell("overload.targeted", filler="false", suffix="all", n_copies=copies)
        for copies in (1, 2)
    ]
    return {**HEAD, "suites": "1", "figures": figures}


def ladder_results() -> dict[str, Any]:
    """Every kind of figure of `temper ladder` once for each rung."""
    figures: list[dict[str, Any]] = []
    for rung in LADDER:
        for split in ("same", "fresh", "adaptive", "ood"):
            figures.append(cell("attack.targeted", mitigation=rung, split=split))
        for suite in ("clean", "lookups"):
            figures.append(cell("utility.accuracy", mitigation=rung, suite=suite))
            figures.append(cell("utility.withheld", mitigation=rung, suite=suite))
        for name in ("cost.calls", "cost.tokens", "cost.seconds"):
            figures.append(cell(name, mitigation=rung) | {"measure": None})
    return {**HEAD, "ladder": "arithmetic", "figures": figures}


HEAD: dict[str, Any] = {
    "target": {"name": "abacus-s", "hash": "0", "shipped": True},
    "remarks": [],
    "protocol": {"hash": "0", "ladder.queries": 10},
    "cost": {"queries": 1, "calls": 1, "tokens": 1, "seconds": 1.0},
}


def test_the_suite_page_and_the_ladder_page_print_no_bare_rate(store: Store):
    results, printed = marked(suite_results())
    assert complaints(suite_page(store, results), printed) == []
    results, printed = marked(ladder_results())
    assert complaints(ladder_page(results), printed) == []


@pytest.mark.parametrize(
    ("show", "made"), [(print_suites, suite_results), (print_ladder, ladder_results)]
)
def test_the_summaries_of_suites_and_ladder_print_no_bare_rate(
    show: Callable[[Path, dict[str, Any]], None],
    made: Callable[[], dict[str, Any]],
    capsys: pytest.CaptureFixture[str],
):
    results, printed = marked(made())
    show(Path("run"), results)
    lines = capsys.readouterr().out.splitlines()
    assert any(value in line for value in printed for line in lines)
    assert [found for line in lines for found in bare(line, "", printed)] == []


def measure_results() -> dict[str, Any]:
    """A measure of two labels, as its page and the terminal show it; one member of it is weak."""
    kinds: list[tuple[str, dict[str, str]]]
    kinds = [("explore.failure_rate", {}), ("measure.macro_recall", {})]
    kinds += [
        (f"measure.{kind}", {"label": label}) for kind in ("recall", "precision") for label in "ab"
    ]
    member = {"recall_K": [0.5, 0.5], "below_floor": True, "retrained": True}
    parts = {"training": 9, "calibration": 9, "audit": 9}
    measure = {"members": [member], "parts": parts, "threshold": 0.5, "recall_floor": 0.6}
    return {
        **HEAD,
        "concern": {"text": "which letter", "labels": ["a", "b"], "failure": ["a"]},
        "figures": [cell(name, split="audit", **by) | {"judge": "people"} for name, by in kinds],
        "measure": {**measure, "features": "words", "abstain": None, "speaking": None},
        "labels": {"items": 27, "clusters": 9, "by_label": {}, "by_annotator": {}},
        "reliability": [],
        "curve": [],
    }


def test_the_page_and_the_summary_of_a_measure_print_no_bare_rate(
    capsys: pytest.CaptureFixture[str],
):
    results, printed = marked(measure_results())
    page = measure_page(results)
    assert complaints(page, printed) == []
    assert "1 of 1 members recognise a label less than" in page
    summary.print_measure(Path("run"), results)
    said = capsys.readouterr().out.splitlines()
    lines = [line for line in said if "measure." in line or "fails by itself" in line]
    assert len(lines) == len(results["figures"])
    for line in lines:
        assert all(part in line for part in ("[", "n = 20", "judge people", "unknown 0"))


def test_a_circular_rate_is_stamped_in_its_row_and_said_before_all_figures():
    results = ladder_results()
    results["figures"][0]["circular"] = "it rewarded the attacker"
    page = ladder_page(results)
    assert "CIRCULAR: it rewarded the attacker" in page
    assert page.index("circular (it rewarded the attacker)") < page.index('class="headline"')


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A small campaign with a replay, and its folder."""
    import os
    import subprocess
    import sys

    folder = tmp_path_factory.mktemp("surfaces")
    recipe = '[campaign]\ntargets = ["abacus-s"]\nseeds = [1, 2]\n'
    (folder / "small.toml").write_text(recipe)
    settings = [part for setting in TINY for part in ("--set", setting)]
    subprocess.run(
        [sys.executable, "-m", "temper", "run", "small.toml", "--out", "./c", *settings],
        cwd=folder,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        check=True,
        capture_output=True,
        timeout=180,
    )
    return folder / "c", folder / "c" / "transfer"


def test_the_campaign_page_and_the_replay_page_print_no_bare_rate(campaign: tuple[Path, Path]):
    whole, replayed = campaign
    results, printed = marked(json.loads((whole / "results.json").read_text()))
    assert complaints(campaign_page(results), printed) == []
    results, printed = marked(json.loads((replayed / "results.json").read_text()))
    with read_only(replayed / "run.sqlite") as store:
        assert complaints(replay_page(store, results), printed) == []


SUMMARIES: dict[str, Callable[[Path, dict[str, Any]], None]] = {
    "attack": summary.print_summary,
    "demo": lambda _, results: summary.print_three_numbers(results),
}


@pytest.mark.parametrize("name", SUMMARIES)
def test_no_summary_in_the_terminal_prints_a_bare_rate(
    name: str, finished_run: Path, capsys: pytest.CaptureFixture[str]
):
    results, printed = marked(json.loads((finished_run / "results.json").read_text()))
    SUMMARIES[name](finished_run, results)
    lines = capsys.readouterr().out.splitlines()
    assert any(value in line for value in printed for line in lines)
    assert [found for line in lines for found in bare(line, "", printed)] == []


def test_the_campaigns_summary_prints_no_bare_rate(
    campaign: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
):
    results, printed = marked(json.loads((campaign[0] / "results.json").read_text()))
    summary.print_campaign(campaign[0], results)
    lines = capsys.readouterr().out.splitlines()
    assert any(value in line for value in printed for line in lines)
    assert [found for line in lines for found in bare(line, "", printed)] == []


def test_the_check_itself_sees_a_bare_rate():
    assert list(bare("steered in 12.3 % of attempts", "", {"12.3 %"}))
    assert not list(bare("12.3 % [1 %, 20 %]; n = 9; judge exact; unknown 0", "", {"12.3 %"}))
