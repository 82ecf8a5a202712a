"""Tables of verdicts, and the rates that an audit corrects."""

from pathlib import Path

import pytest

from temper.errors import ArtifactError
from temper.evaluate.audited import JudgedAttempt, judged_rate
from temper.evaluate.verdict_file import Columns, read_verdicts
from temper.records import Rate
from temper.report.figures import rate_in_words
from temper.stats import Estimand

VERDICT = Columns("verdict", ())


def read(folder: Path, text: str, columns: Columns = VERDICT) -> list[JudgedAttempt]:
    path = folder / ("v.jsonl" if text.startswith("{") else "v.csv")
    path.write_text(text, "utf-8")
    return read_verdicts(path, columns)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("verdict,truth,inclusion\n1,1,0\n", "line 2: audited, though its chance"),
        ("verdict,truth,inclusion\n1,1,0.5\n0,,\n", "line 3: no chance to be audited"),
        ("verdict,truth\n1,1\n1,0,hit\n", "line 3: not as many cells as the header"),
        ("other,truth\n1,0,hit\n", "line 2: not as many cells as the header"),
        ("verdict,truth\n1\n", "line 2: not as many cells as the header"),
        ("verdict,verdict\n1,0\n", "'verdict' stands there twice"),
    ],
)
def test_a_table_that_could_be_misread_is_refused(tmp_path: Path, text: str, said: str):
    with pytest.raises(ArtifactError, match=said):
        read(tmp_path, text)


def test_a_table_with_long_answers_is_read(tmp_path: Path):
    assert len(read(tmp_path, f"verdict,text\n1,{'x' * 200_000}\n")) == 1


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (Columns("verdict", (), truth="human"), "no column 'human'"),
        (Columns("verdict", (), inclusion="chance"), "no column 'chance'"),
        (Columns("verdict", ("attack",)), "line 3: no attack"),
    ],
)
def test_columns_that_do_not_fit_the_table_are_refused_not_ignored(
    tmp_path: Path, columns: Columns, said: str
):
    with pytest.raises(ArtifactError, match=said):
        read(tmp_path, "attack,verdict,truth\na,1,1\n,0,\n", columns)


def test_odd_line_breaks_within_an_answer_break_no_row(tmp_path: Path):
    assert len(read(tmp_path, '{"verdict": 1, "text": "a\u2028b"}\n{"verdict": 0}\n')) == 2


def rated(attempts: list[JudgedAttempt], estimand: Estimand | None = None) -> Rate:
    unit = "attack" if attempts[0].clusters else None
    return judged_rate("r", attempts, unit=unit, measure="m", by={}, estimand=estimand)


def test_answers_that_were_checked_in_vain_are_counted(tmp_path: Path):
    rows = [f"{n % 2},{('hit', 'safe', 'unknown', '')[n % 4]}" for n in range(80)]
    rate = rated(read(tmp_path, "\n".join(["verdict,truth", *rows])))
    assert rate.audited == 40
    assert "20 answers were checked in vain" in str(rate.note)


def test_a_judge_that_could_never_tell_is_still_corrected(tmp_path: Path):
    rows = [f"unknown,{('hit', 'safe')[n % 2]}" for n in range(80)]
    words = rate_in_words(rated(read(tmp_path, "\n".join(["verdict,truth", *rows]))).to_json())
    assert "80 of 80 answers could not be read" in words
    assert "corrected to 50.0 %" in words


def test_what_each_range_is_about_is_named_with_and_without_an_audit():
    alone = [JudgedAttempt("hit", ()), JudgedAttempt("safe", ())] * 20
    attacks = [one._replace(clusters=(str(place),)) for place, one in enumerate(alone)]
    audited = [one._replace(truth=True) for one in attacks]
    for attempts, said in (
        (alone, "raw range for new attempts like these"),
        (attacks, "raw range for new attacks of this attacker"),
        (audited, "raw range for new attacks of this attacker; corrected for these attempts"),
    ):
        assert rated(attempts, Estimand.THESE_ATTEMPTS).note == said


def test_texts_that_nobody_attacked_with_are_not_called_attacks():
    texts = [JudgedAttempt("hit", (str(n),), truth=n % 2 == 0 or None) for n in range(40)]
    rate = judged_rate("r", texts, unit="text", measure="m", by={}, new="new texts")
    assert rate.note == "raw range for new texts; corrected for new texts"
