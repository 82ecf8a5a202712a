"""What the stages derive from exchanges: attacks, attempts, verdicts, findings and figures."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from temper.records import Attempt, Candidate, Finding, Rate, Verdict
from temper.store.database import Database, flat


class Attacks(Database):
    """Rewritten whenever their stage runs."""

    def add_candidates(self, candidates: Iterable[Candidate]) -> None:
        with self.transaction():
            self.insert("attacks", [_candidate_row(item) for item in candidates], "OR REPLACE")

    def candidates(self) -> list[dict[str, Any]]:
        return self.rows("SELECT * FROM attacks ORDER BY attacker, seed, place")

    def add_attempts(self, attempts: Iterable[Attempt], verdicts: Iterable[Verdict]) -> None:
        """Attempts and their verdicts belong together, so they are kept together."""
        with self.transaction():
            self.insert("attempts", [flat(item) for item in attempts], "OR REPLACE")
            self.insert("verdicts", [flat(item) for item in verdicts], "OR REPLACE")

    def add_judged(self, judged: Iterable[tuple[Attempt, Sequence[Verdict]]]) -> None:
        pairs = list(judged)
        self.add_attempts(
            [attempt for attempt, _ in pairs],
            [verdict for _, verdicts in pairs for verdict in verdicts],
        )

    def judged_attempts(self) -> list[dict[str, Any]]:
        """One row for each attempt and measure, with attack, prompt and response, in order.

        Of an attack that was proposed more than once, the accepted or else the first copy counts.
        """
        return self.rows(
            "SELECT attempts.*, verdicts.measure, verdicts.outcome, verdicts.reason,"
            " verdicts.parsed, attacks.text AS attack_text, attacks.void, attacks.round,"
            " attacks.operator, attacks.queries, exchanges.prompt, exchanges.response"
            " FROM attempts JOIN verdicts ON verdicts.subject_id = attempts.id"
            " JOIN exchanges ON exchanges.id = attempts.exchange_id"
            " LEFT JOIN (SELECT *, row_number() OVER (PARTITION BY id, attacker"
            " ORDER BY accepted DESC, void DESC, place) AS copy FROM attacks) AS attacks"
            " ON attacks.id = attempts.attack_id AND attacks.attacker = attempts.attacker"
            " AND attacks.copy = 1"
            " ORDER BY attempts.id, verdicts.measure"
        )

    def add_findings(self, findings: Iterable[Finding]) -> None:
        with self.transaction():
            self.insert("findings", [flat(item) for item in findings], "OR REPLACE")

    def findings(self) -> list[dict[str, Any]]:
        return self.rows("SELECT * FROM findings ORDER BY attacker, score DESC, attack_id")

    def tried(self, attacker: str) -> list[dict[str, Any]]:
        """What an attacker tried while it searched, with what its reward said of it, in order."""
        return self.rows(
            "SELECT attacks.text AS attack, attacks.round, attacks.seed, exchanges.response,"
            " attempts.exchange_id, verdicts.value FROM attempts"
            " JOIN attacks ON attacks.id = attempts.attack_id"
            " AND attacks.attacker = attempts.attacker"
            " JOIN exchanges ON exchanges.id = attempts.exchange_id"
            " JOIN verdicts ON verdicts.subject_id = attempts.id"
            " WHERE attempts.attacker = ? AND attempts.split = 'search'"
            " GROUP BY attempts.exchange_id ORDER BY attacks.seed, attacks.place",
            (attacker,),
        )

    def add_curves(self, attacker: str, seed: int, step: int, curves: Mapping[str, float]) -> None:
        """What a training is to be plotted by, as it goes; steps count from 1."""
        who = {"attacker": attacker, "seed": seed, "step": step}
        rows = [{**who, "name": name, "value": value} for name, value in curves.items()]
        with self.transaction():
            self.insert("curves", rows, "OR REPLACE")

    def curves(self, attacker: str, seed: int) -> dict[int, dict[str, float]]:
        """By step, then by name."""
        found: dict[int, dict[str, float]] = {}
        for row in self.rows(
            "SELECT step, name, value FROM curves WHERE attacker = ? AND seed = ? ORDER BY step",
            (attacker, seed),
        ):
            found.setdefault(row["step"], {})[row["name"]] = row["value"]
        return found

    def forget_attacker(self, attacker: str, seed: int) -> None:
        """Drop what a training of another setting left: its attacks, attempts and curves."""
        with self.transaction():
            mine = "SELECT id FROM attacks WHERE attacker = ? AND seed = ?"
            self.db.execute(
                f"DELETE FROM attempts WHERE attacker = ? AND attack_id IN ({mine})",
                (attacker, attacker, seed),
            )
            for table in ("attacks", "curves"):
                self.db.execute(
                    f"DELETE FROM {table} WHERE attacker = ? AND seed = ?", (attacker, seed)
                )

    def add_rates(self, rates: Iterable[Rate]) -> None:
        rows = [
            {"place": place, "name": rate.name, "figure": json.dumps(rate.to_json())}
            for place, rate in enumerate(rates)
        ]
        with self.transaction():
            self.insert("figures", rows, "OR REPLACE")

    def figures(self) -> list[dict[str, Any]]:
        rows = self.rows("SELECT figure FROM figures ORDER BY place")
        return [json.loads(row["figure"]) for row in rows]


def _candidate_row(candidate: Candidate) -> dict[str, Any]:
    attack = candidate.attack
    return {
        "attacker": attack.attacker,
        "seed": attack.seed,
        "place": candidate.order,
        "id": attack.id,
        "text": attack.text,
        "operator": attack.operator,
        "problem": attack.problem,
        "message": attack.message,
        "round": attack.round,
        "parents": attack.parents,
        "accepted": candidate.accepted,
        "reason": candidate.reason,
        "score": candidate.score,
        "queries": candidate.queries,
        "void": candidate.void,
    }
