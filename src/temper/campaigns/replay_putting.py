"""Replayed attacks on a concern as they are put to a target, and judged."""

from collections.abc import Sequence

from temper.budget import Budget
from temper.campaigns.exploiting.bench import asked
from temper.campaigns.exploiting.readable import Readable, by_grammar, by_likelihood
from temper.campaigns.replay_judges import Judges, Source
from temper.config import ReplayRun
from temper.evaluate.attempts import Chosen
from temper.protocols import Reporter, Target
from temper.records import Attack, Attempt, Decoding, Reply, Request
from temper.store import Store
from temper.targets.recorded import RecordedTarget

MOST_UNPROMPTED = 500
"""Responses drawn without any attack, at most; else as many as with."""


class Putting:
    """Puts the pool to a target, and no attack at all; every judge speaks of what comes back."""

    def __init__(
        self,
        config: ReplayRun,
        source: Source,
        pool: Sequence[Chosen],
        judges: Judges,
        store: Store,
        budget: Budget,
    ) -> None:
        self._config, self._source, self._judges = config, source, judges
        self._store, self._budget = store, budget
        self._readable: dict[str, Readable] = {}
        """By target; asked once."""
        self._whole: set[str] = set()
        """Targets that were asked everything, so that reading them asks nothing any more."""
        nothing = Chosen(Attack(text="", attacker="none", message="raw"), "control")
        draws = config.replay.draws
        self._wanted = [
            (item, self._request(item.attack.text, sample))
            for item in pool
            for sample in range(draws)
        ]
        self._wanted += [
            (nothing, self._request("", sample))
            for sample in range(min(MOST_UNPROMPTED, len(self._wanted)))
        ]

    def _request(self, text: str, sample: int) -> Request:
        source = self._source
        decoding = Decoding(max_tokens=source.max_tokens, temperature=source.temperature)
        return Request(prompt=asked(text, source.form), decoding=decoding, sample=sample)

    def to(self, name: str, target: Target, reporter: Reporter, *, offline: bool = False) -> None:
        """Offline, only what was answered before is judged."""
        if name not in self._readable and not offline:
            self._readable[name] = self._reading(name, target)
        reporter.stage(f"replay on {name}", len(self._wanted))
        recorded = RecordedTarget(
            target,
            self._store,
            stage=f"replay/{name}",
            seed=self._config.run.seed,
            ask_failed_again=not offline,
            progress=reporter.advance,
            budget=self._budget,
            offline=offline,
        )
        requests = {request.id: request for _, request in self._wanted}
        replies = {reply.request_id: reply for reply in recorded.generate(requests.values())}
        tries = [
            (_attempt(item, replies[request.id], name), item.attack.text, replies[request.id])
            for item, request in self._wanted
            if request.id in replies
        ]
        known = not offline or name in self._whole
        readable = self._readable[name] if known else _cannot_tell
        self._store.add_judged(self._judges.judge(tries, self._source.form, readable))
        if not offline:
            self._whole.add(name)

    def _reading(self, name: str, target: Target) -> Readable:
        """The grammar where it is known, else how likely the target itself finds a text."""
        if self._source.oracle:
            return by_grammar()
        reader = RecordedTarget(
            target,
            self._store,
            stage=f"replay/{name}/reading",
            seed=self._config.run.seed,
            role="helper",
            budget=self._budget,
        )
        return by_likelihood(reader, self._source.explored, self._source.rarest)


def _cannot_tell(texts: Sequence[str]) -> list[bool | None]:
    return [None] * len(texts)


def _attempt(item: Chosen, reply: Reply, target: str) -> Attempt:
    return Attempt(
        attack_id=item.attack.id,
        attacker=item.attack.attacker,
        exchange_id=reply.exchange_id or reply.request_id,
        problem="",
        digits=0,
        split="fresh",
        decoding="default",
        selection=item.selection,
        target=target,
        source=item.source,
    )
