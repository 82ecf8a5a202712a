"""Fresh prompts and their responses, what every judge says of them, and the findings among them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from temper.evaluate.exact import Exact
from temper.records import Finding, content_id
from temper.text.similarity import cluster_findings

JudgeName = Literal["reward", "second", "truth"]
JUDGES: tuple[JudgeName, ...] = ("reward", "second", "truth")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """One attack on the finished attacker's word, its response, and what each judge says."""

    attacker: str
    seed: int
    prompt: str
    response: str
    text: str
    """What is judged."""
    exchange_id: str
    reward: float | None
    """P(failure) by the measure that was the reward; None where it could not tell."""
    second: float | None = None
    """By a measure of another family that learned from other labels."""
    truth: Exact | None = None
    round: int | None = None
    """Of an earlier round of labels and training; None: of the last one."""
    readable: bool | None = None
    """Whether the response can be read; None where nobody can say. A hit must be readable."""

    @property
    def id(self) -> str:
        return content_id("fresh", self.attacker, self.seed, self.exchange_id)

    def hit(self, judge: JudgeName, threshold: float) -> bool | None:
        """Whether this judge calls it a failure; None: it could not tell."""
        if judge == "truth":
            return None if self.truth is None else self.truth.is_hit
        value = self.reward if judge == "reward" else self.second
        if value is None:
            return None
        return value >= threshold and self.readable is not False


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """Who judged, for the figures to say."""

    target: str
    threshold: float
    names: dict[JudgeName, str]
    """Of the judges that there are."""
    seed: int

    @property
    def final(self) -> JudgeName:
        """The judge that findings go by: the truth where it is known."""
        return "truth" if "truth" in self.names else "reward"


def hits_of(rows: Sequence[Fresh], judging: Judging) -> list[Fresh]:
    """What counts as a success by the final judge, in order."""
    return [row for row in rows if row.hit(judging.final, judging.threshold)]


def clusters_of(hits: Sequence[Fresh]) -> list[list[int]]:
    """Distinct findings among successes: near-duplicate texts, attack and response, are one."""
    return cluster_findings([row.text for row in hits])


def findings_of(
    rows: Sequence[Fresh], judging: Judging, attack_id: dict[str, str]
) -> list[Finding]:
    """The distinct findings of every attacker; `attack_id` names a prompt's attack."""
    found: list[Finding] = []
    for attacker in dict.fromkeys(row.attacker for row in rows):
        hits = hits_of([row for row in rows if row.attacker == attacker], judging)
        hits.sort(key=lambda row: -(row.reward or 0.0))
        taken: set[str] = set()
        for cluster in clusters_of(hits):
            leader = attack_id[hits[cluster[0]].prompt]
            if leader in taken:
                continue
            taken.add(leader)
            members = tuple(dict.fromkeys(attack_id[hits[n].prompt] for n in cluster))
            score = hits[cluster[0]].reward or 0.0
            found.append(Finding(attack_id=leader, attacker=attacker, members=members, score=score))
    return found
