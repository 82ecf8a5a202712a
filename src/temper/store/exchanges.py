"""What was asked and what came back; what was paid for is never thrown away by a stage."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from temper.records import Reply, Request
from temper.store.database import Database


class Exchanges(Database):
    """Every reply as it arrived, by the id of what was asked."""

    def replies(self, exchange_ids: Sequence[str]) -> dict[str, Reply]:
        """The stored replies among these ids; `request_id` is the exchange's id."""
        found: dict[str, Reply] = {}
        for start in range(0, len(exchange_ids), 500):
            part = exchange_ids[start : start + 500]
            marks = ",".join("?" * len(part))
            rows = self.rows(f"SELECT * FROM exchanges WHERE id IN ({marks})", part)
            found.update((row["id"], _reply(row)) for row in rows)
        return found

    def add_replies(self, stage: str, role: str, pairs: Iterable[tuple[Request, Reply]]) -> None:
        """Keep replies, all in one transaction; a failed one may be replaced by a later try."""
        rows = [_exchange_row(stage, role, request, reply) for request, reply in pairs]
        with self.transaction():
            self.insert("exchanges", rows, "OR REPLACE")

    def spent(self) -> list[dict[str, Any]]:
        """Queries, tokens and seconds by stage and role."""
        return self.rows(
            "SELECT stage, role, count(*) AS queries, sum(tokens_in + tokens_out) AS tokens,"
            " sum(tokens_in) AS tokens_in, sum(tokens_out) AS tokens_out,"
            " sum(seconds) AS seconds, sum(finish = 'error') AS errors"
            " FROM exchanges GROUP BY stage, role ORDER BY stage, role"
        )

    def sizes(self) -> list[dict[str, Any]]:
        """Of each exchange: stage, role, characters of the prompt, tokens in and out."""
        return self.rows(
            "SELECT stage, role, length(prompt) AS characters, tokens_in, tokens_out FROM exchanges"
        )

    def empty_replies(self, role: str) -> tuple[int, int]:
        """How many texts of a role are empty, and how many there are; errors are neither."""
        (row,) = self.rows(
            "SELECT coalesce(sum(trim(response) = ''), 0) AS empty, count(*) AS every"
            " FROM exchanges WHERE role = ? AND response IS NOT NULL",
            (role,),
        )
        return row["empty"], row["every"]

    def forget(self, stage: str) -> None:
        """Drop the exchanges of a stage and of its parts ("search" drops "search/pirs" too)."""
        with self.transaction():
            pattern = stage.replace("_", r"\_") + "/%"
            self.db.execute(
                r"DELETE FROM exchanges WHERE stage = ? OR stage LIKE ? ESCAPE '\'",
                (stage, pattern),
            )

    def judged_exchanges(self, stage: str) -> list[dict[str, Any]]:
        """One row for each verdict on an exchange itself, of the stages that begin so."""
        return self.rows(
            "SELECT exchanges.stage, exchanges.prompt, exchanges.response, verdicts.*"
            " FROM verdicts JOIN exchanges ON exchanges.id = verdicts.subject_id"
            " WHERE substr(exchanges.stage, 1, ?) = ? ORDER BY exchanges.stage, exchanges.id",
            (len(stage), stage),
        )


def _exchange_row(stage: str, role: str, request: Request, reply: Reply) -> dict[str, Any]:
    decoding = request.decoding and {
        name: getattr(request.decoding, name) for name in request.decoding.__slots__
    }
    return {
        "id": request.id,
        "stage": stage,
        "role": role,
        "prompt": json.dumps(request.prompt.to_list(), ensure_ascii=False),
        "decoding": json.dumps(decoding),
        "answers": json.dumps(request.answers, ensure_ascii=False),
        "sample": request.sample,
        "response": reply.text,
        "logprobs": json.dumps(reply.logprobs),
        "finish": reply.finish,
        "error": reply.error,
        "tokens_in": reply.tokens_in,
        "tokens_out": reply.tokens_out,
        "seconds": reply.seconds,
    }


def _reply(row: Mapping[str, Any]) -> Reply:
    return Reply(
        request_id=row["id"],
        exchange_id=row["id"],
        text=row["response"],
        logprobs=tuple(json.loads(row["logprobs"])),
        finish=row["finish"],
        error=row["error"],
        tokens_in=row["tokens_in"],
        tokens_out=row["tokens_out"],
        seconds=row["seconds"],
    )
