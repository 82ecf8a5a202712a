"""The gate of `temper compare`: which rates got worse, by more than a margin or perhaps so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from temper.errors import ArtifactError
from temper.evaluate.compare import HIGHER_IS_BETTER, TOLERATED
from temper.evaluate.unlike import facets_in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One rate at the gate; positive is worse."""

    name: str
    by: Mapping[str, Any]
    worse_by: float
    low: float
    high: float
    adjusted: float
    """p-value, adjusted for the number of rates."""

    def failure(self, margin: float, *, strict: bool) -> str | None:
        """Why the gate shuts, or None.

        It shuts where the whole interval lies beyond the margin and chance is no explanation; a
        strict gate, unless the whole interval lies within.
        """
        words = f"{self.in_points()}, margin {100 * margin:g}"
        if self.low > margin and self.adjusted <= TOLERATED:
            return f"worse by {words}"
        if strict and self.high > margin:
            return f"perhaps worse: {words}"
        return None

    def in_points(self) -> str:
        ends = f"[{100 * self.low:+.1f}, {100 * self.high:+.1f}]"
        return f"{100 * self.worse_by:+.1f} points {ends}"


def checked(found: Mapping[str, Any]) -> list[Checked]:
    """What a comparison found, turned so that positive is worse.

    Args:
        found: with `changes` as `Change.to_json` gives them, and `unread`: likewise, of rates of
            which a side's answers could not be read, so that a strict gate does not pass them by.

    Raises:
        ArtifactError: nothing could be compared, or one side or the comparison was stopped early:
            no gate passes that.
    """
    if early := found.get("stopped_early") or ("the comparison" if "partial" in found else ""):
        raise ArtifactError(
            f"the gate passes nothing that was stopped early: run {early} to its end first"
        )
    rows = [*found["changes"], *found.get("unread", ())]
    if not rows:
        raise ArtifactError(
            "the gate has nothing to check: both sides have no rate in common (see what was left"
            " out); measure the same things on both"
        )
    return [_checked(change) for change in rows]


def _checked(change: Mapping[str, Any]) -> Checked:
    """The far end holds whatever answers that could not be read would have been."""
    value, low, high = change["value"], change["low"], change["high"]
    if change.get("possible"):
        low, high = min(low, change["possible"][0]), max(high, change["possible"][1])
    if change["name"] in HIGHER_IS_BETTER:
        value, low, high = 0.0 - value, 0.0 - high, 0.0 - low
    return Checked(
        name=change["name"],
        by=change["by"],
        worse_by=value,
        low=low,
        high=high,
        adjusted=change["adjusted"],
    )


def gate_failures(
    rows: Sequence[Checked], margin: float, *, strict: bool
) -> list[tuple[Checked, str]]:
    found = [(row, row.failure(margin, strict=strict)) for row in rows]
    return [(row, why) for row, why in found if why is not None]


def junit_xml(rows: Sequence[Checked], margin: float, *, strict: bool) -> str:
    """One test case a rate, for servers that read JUnit's XML."""
    failed = {id(row): why for row, why in gate_failures(rows, margin, strict=strict)}
    suite = ElementTree.Element(
        "testsuite", name="temper compare", tests=str(len(rows)), failures=str(len(failed))
    )
    for row in rows:
        case = ElementTree.SubElement(
            suite, "testcase", classname=row.name, name=facets_in_words(row.by) or row.name
        )
        if why := failed.get(id(row)):
            ElementTree.SubElement(case, "failure", message=why).text = why
        else:
            ElementTree.SubElement(case, "system-out").text = f"worse by {row.in_points()}"
    ElementTree.indent(suite)
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def stopped_xml(reason: str) -> str:
    """For the same servers: a comparison that did not come to its end, which is no pass."""
    suite = ElementTree.Element("testsuite", name="temper compare", tests="1", errors="1")
    case = ElementTree.SubElement(suite, "testcase", classname="temper compare", name="whole")
    ElementTree.SubElement(case, "error", message=f"stopped early: {reason}")
    ElementTree.indent(suite)
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"
