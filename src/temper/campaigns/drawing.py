"""The rounds of an exploration: ask, cut, sift, embed, and see where to look next."""

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from temper.budget import Budget
from temper.campaigns.embedding import BLOCK, embed_once
from temper.campaigns.starts import Starts
from temper.config import ExploreRun
from temper.ending import Ending
from temper.errors import Stopped, TargetError
from temper.establish.measure import LearnedMeasure
from temper.explore.clusters import Floats, directions, k_means
from temper.explore.draw import Draw, Start, draws, rows_where_wanted
from temper.explore.kind import Filter, train_filter
from temper.explore.pieces import cut
from temper.explore.sift import Origin, Rules, Sieve
from temper.protocols import Embedder, Reporter, Target
from temper.records import Decoding, Reply, content_id
from temper.store import Store
from temper.targets.recorded import RecordedTarget, ask_all
from temper.text.column import read_texts


class Drawing:
    """All rounds of one run; afterwards `sieve`, `places`, `texts` and `directions` say what came.

    `places` are the rows of the sieve that the filter kept, in order of arrival.
    """

    def __init__(
        self,
        config: ExploreRun,
        folder: Path,
        store: Store,
        target: Target,
        embedder: Embedder,
        reporter: Reporter,
        keep: Filter | None,
        suspect: LearnedMeasure | None,
        budget: Budget | None = None,
    ) -> None:
        self.config, self.store, self.target, self.filter = config, store, target, keep
        self.drawn = 0
        self.stopped: str | None = None
        """Why not all was drawn, if so."""
        self.sieve = Sieve(Rules(config.explore.min_words, config.explore.statements))
        self.places: list[int] = []
        self._folder, self._embedder, self._reporter = folder, embedder, reporter
        self._suspect, self._budget = suspect, budget
        self._seen = 0
        self._vectors: list[Floats] = []
        self._starts = Starts(config, chat=target.capabilities.chat)

    def run(self) -> None:
        """Every round, or as many as the budget admits; afterwards all is known.

        Raises:
            TargetError: not one response could be used.
            Stopped: the budget is used up before there are as many texts as clusters.
        """
        settings = self.config.explore
        starts = self._starts.first()
        for number in range(settings.rounds):
            share = settings.draws // settings.rounds
            count = share + (settings.draws % settings.rounds if number == 0 else 0)
            if number:
                starts = self._next_starts(number, count)
            self._ask(number, starts, count)
            self._settle()
            if self.stopped:
                break
            if not self.places:
                raise self._nothing()
        if self.stopped and len(self.places) < settings.clusters:
            raise Stopped(self.stopped)

    def _nothing(self) -> TargetError:
        reasons = ", ".join(f"{n} {why}" for why, n in self.sieve.dropped.most_common(3))
        shown = next(iter(self.sieve.shown.get("error", [])), "")
        return TargetError(
            f"none of {self.drawn} responses can be used ({reasons})"
            + (f"; the first error: {shown}" if shown else "")
        )

    def texts(self) -> list[str]:
        return [self.sieve.texts[place] for place in self.places]

    def directions(self) -> Floats:
        return directions(np.concatenate(self._vectors))

    def inputs(self) -> dict[str, dict[str, Any]]:
        """For each round, the settings that decide what the target is asked."""
        settings, shared = self.config.explore, {"target": self.target.hash}
        first = shared | {f"explore.{key}": value for key, value in settings.asked().items()}
        first |= {"run.seed": self.config.run.seed, "explore.file": content_id(self._starts.lines)}
        later = {
            f"explore.{key}": getattr(settings, key)
            for key in ("draws", "rounds", "part", "min_words", "statements", "like", "clusters")
        }
        later |= {
            "explore.embed": self._embedder.hash,
            "explore.suspect": self._suspect and self._suspect.version,
        }
        return {
            f"draw/{number}": first | (later if number else {}) for number in range(settings.rounds)
        }

    def _next_starts(self, number: int, count: int) -> list[Start]:
        """Where too little was seen, or what was seen is suspicious."""
        seed, texts = f"{self.config.run.seed}/{number}", self.texts()
        clusters = k_means(
            self.directions(), min(self.config.explore.clusters, len(texts)), self.config.run.seed
        )
        suspicion_N = self._suspect.scores(texts).failure_N if self._suspect else None
        rows = rows_where_wanted(clusters.label_N, suspicion_N, count, seed)
        asked = [self.sieve.origins[self.places[row]].prompt for row in rows]
        return self._starts.next([texts[row] for row in rows], asked, seed)

    def _ask(self, number: int, starts: list[Start], count: int) -> None:
        settings = self.config.explore
        self._reporter.stage(f"draw, round {number + 1}", count)
        target = RecordedTarget(
            self.target,
            self.store,
            stage=f"draw/{number}",
            seed=self.config.run.seed,
            progress=self._reporter.advance,
            budget=self._budget,
        )
        decoding = Decoding(
            max_tokens=settings.max_tokens,
            temperature=settings.temperature,
            top_p=settings.top_p,
            top_k=settings.top_k,
            no_repeat=settings.no_repeat,
        )
        waiting = draws(starts, count, decoding)
        while block := list(itertools.islice(waiting, BLOCK)):
            requests = [draw.request for draw in block]
            replies: list[Reply | None] = []
            with Ending() as ending:
                replies = [*ask_all(target, requests)]
            if ending.reason:
                self.stopped = ending.reason
                replies = target.known(requests)
            self._take(block, replies, number)
            if self.stopped:
                break

    def _take(self, block: Sequence[Draw], replies: Sequence[Reply | None], number: int) -> None:
        """Cut and sift what came; what was not asked any more is no draw."""
        settings = self.config.explore
        for draw, reply in zip(block, replies, strict=True):
            if reply is None:
                continue
            self.drawn += 1
            if reply.text is None:
                self.sieve.drop("error", reply.error or "no text")
                continue
            prompt = draw.start.opening or draw.start.prompt.last.text
            origin = Origin(reply.exchange_id or "", prompt, number)
            whole = draw.start.opening + reply.text
            for piece in cut(whole, settings.part, broke_off=reply.finish == "length"):
                self.sieve.take(piece, origin)

    def _settle(self) -> None:
        """Filter and embed what the round brought."""
        settings, seed = self.config.explore, self.config.run.seed
        new = range(self._seen, len(self.sieve.texts))
        self._seen = len(self.sieve.texts)
        texts = [self.sieve.texts[place] for place in new]
        if self.filter is None and settings.like and texts:
            examples = read_texts(Path(settings.like).expanduser(), settings.column)
            self.filter = train_filter(examples, texts, settings.drop_share, seed)
        kept = self.filter.keeps(texts) if self.filter else np.ones(len(texts), bool)
        for text, stays in zip(texts, kept, strict=True):
            if not stays:
                self.sieve.drop("not the wanted kind", text)
        places = [place for place, stays in zip(new, kept, strict=True) if stays]
        self.places.extend(places)
        if places:
            texts = [self.sieve.texts[place] for place in places]
            self._vectors.append(embed_once(self._embedder, texts, self._folder, self._reporter))
