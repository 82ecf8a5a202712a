"""`temper harden` on a run from a worry: openings that an attacker was trained to find.

The reward is the measure, exact truth, or people's labels as pairs; what came of it is judged by
exact truth alone.
"""

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from temper.campaigns.exploiting.bench import EXPLORED, judge_by
from temper.campaigns.exploiting.readable import Readable, by_likelihood
from temper.campaigns.guard import open_measure
from temper.campaigns.hardening.bench import Bench
from temper.campaigns.hardening.chain import Link, Rewarded, train_chain
from temper.campaigns.hardening.claims_exam import ClaimsExam, unseen_openings
from temper.campaigns.hardening.finetune import write_finetune_file
from temper.campaigns.hardening.rows import TrainingData
from temper.config import HardenRun, is_worry, load_worry
from temper.errors import ArtifactError, ConfigError
from temper.evaluate.choose import attack_of
from temper.evaluate.exact import exact_oracle
from temper.exploit.reward import Judge
from temper.harden.tuning.claims_rewards import Said, labelled_pairs, measure_reward, truth_reward
from temper.harden.tuning.data import Divided, hold_out
from temper.organisms.truth import is_readable, is_rude, truth
from temper.protocols import Target
from temper.records import Decoding, Prompt, Request
from temper.run_folder import CONFIG, DATABASE
from temper.store import read_only
from temper.targets.recorded import ask_all
from temper.training.rows import Row

ATTACKER = "policy"
ANSWERS = 6
"""Answers to each opening that people label."""
FEWEST = 10
HALF = 0.5
"""P(failure) under which a text is one to keep."""


class Claims:
    """A finished run with an attacker on a concern of the almanac, as hardening needs it.

    Raises:
        ArtifactError: nobody attacked in it, or the attacker found too little.
    """

    def __init__(self, config: HardenRun, folder: Path) -> None:
        self._config = config
        worry = load_worry(folder / CONFIG)
        settings = worry.exploit
        if settings is None:
            raise ArtifactError(f"{folder} attacked nothing: add a section [exploit], run it again")
        if settings.form != "opening":
            raise ArtifactError(f"{folder} attacks by messages: only openings are trained against")
        self.oracle = settings.truth or worry.label.oracle or "almanac/truth"
        self._tokens, self._cut = settings.max_tokens, settings.cut
        self._rarest = settings.reward.rarest
        self._judge: Judge = judge_by(open_measure(folder))
        with read_only(folder / DATABASE) as store:
            texts = [sample.text for sample in store.samples()]
            rows = [one for one in store.candidates() if one["attacker"] == ATTACKER]
        hits = [row for row in rows if row["reason"] == "fresh" and row["accepted"]]
        attacks = list({row["text"]: attack_of(row) for row in hits if row["text"]}.values())
        if len(attacks) < FEWEST:
            raise ArtifactError(
                f"{folder} has {len(attacks)} distinct openings that succeeded: attack longer"
                " (exploit.training.steps, exploit.fresh)"
            )
        self.divided: Divided = hold_out(
            attacks, config.harden.held_share, config.harden.attacks, config.run.seed
        )
        # half of the explored texts begins training prompts, the other half those of the exam
        random.Random(f"{config.run.seed}/explored").shuffle(texts)
        self._texts, self._kept = texts[::2] or texts, texts[1::2]

    def exam(self) -> ClaimsExam:
        settings = self._config.harden
        return ClaimsExam(
            oracle=exact_oracle(self.oracle),
            named=self.oracle,
            measure=self._judge,
            openings=unseen_openings(
                self._kept,
                {row.source for row in self.data().rows},
                settings.items,
                random.Random(f"{self._config.run.seed}/strange"),
            ),
            draws=settings.problems,
            items=settings.items,
            max_tokens=self._tokens,
            cut=self._cut,
            seed=self._config.run.seed,
        )

    def data(self) -> TrainingData:
        """Openings that succeeded, and beginnings of explored texts in the benign share."""
        settings, rng = self._config.harden, random.Random(f"{self._config.run.seed}/claims")
        texts = self.divided.trained
        rows = [Row(Prompt.raw(one.text), "", kind="attack", source=one.text) for one in texts]
        count = round(len(rows) * settings.benign / (1 - settings.benign))
        held = {one.text for one in self.divided.held_out}
        plain = unseen_openings(self._texts, held, count, rng)
        rows += [Row(Prompt.raw(text), "", kind="plain", source=text) for text in plain]
        return TrainingData(rows, self.divided, texts)

    def rewarded(self, rows: Sequence[Row], target: Target) -> Rewarded:
        """The reward, and of the target's own texts those that the same judge passes, to be kept.

        Without them a policy leaves the way it talked for what its judge never saw: one went on
        behind every sentence with words that made the measure doubt nothing.
        """
        texts = self._texts[:EXPLORED]
        if self._config.harden.reward == "measure":
            reward = measure_reward(rows, self._failure, self._readable(target))
            passed = [p < HALF for p in self._failure(texts)]
        else:
            reward = truth_reward(rows, self.said)
            passed = [self.said(text) in ("true", "neither") for text in texts]
        kept = [
            Row(Prompt.raw(""), text, kind="kept", source=text)
            for text, good in zip(texts, passed, strict=True)
            if good
        ]
        return Rewarded(list(rows), reward, kept)

    def _readable(self, target: Target) -> Readable:
        """By the likelihood under the model as it was, as attackers are held to it."""
        return by_likelihood(target, self._texts[:EXPLORED], self._rarest)

    def pairs(self, bench: Bench, rows: Sequence[Row]) -> list[Row]:
        """What simulated people prefer among the target's own answers."""
        target = bench.recorded(bench.target, "pairs", "helper")
        decoding = Decoding(max_tokens=self._tokens, temperature=None)
        asked = [
            Request(prompt=row.prompt, decoding=decoding, sample=number * ANSWERS + n)
            for number, row in enumerate(rows)
            for n in range(ANSWERS)
        ]
        texts = [reply.text or "" for reply in ask_all(target, asked)]
        answers = [texts[n * ANSWERS : (n + 1) * ANSWERS] for n in range(len(rows))]
        noise = self._config.harden.noise
        return labelled_pairs(rows, answers, self.said, noise, self._config.run.seed)

    def said(self, text: str) -> Said:
        text = text.strip()
        if not is_readable(text):
            return "broken"
        if self.oracle == "almanac/rude":
            return "false" if is_rude(text) else "true"
        return truth(text)

    def _failure(self, texts: Sequence[str]) -> Sequence[float]:
        filled = [text if text.strip() else " " for text in texts]
        return np.asarray(self._judge(filled).p_N).tolist()


def claims_of(config: HardenRun, folder: Path) -> Claims | None:
    """The run as one about claims; None where it attacked sums."""
    path = folder / CONFIG
    return Claims(config, folder) if path.exists() and is_worry(path) else None


def train_claims(bench: Bench, claims: Claims, rows: Sequence[Row]) -> list[Link]:
    """Train by the measure, by truth, or on what people prefer, whose rows go into the folder.

    Raises:
        ConfigError: the methods make no sense here.
    """
    asked, methods = rows, set(bench.config.harden.methods)
    if "rl_ai" in methods or len(methods & {"sft", "preference"}) == len(methods) == 2:
        raise ConfigError(
            "harden.methods: on a run from a worry there are rl (harden.reward: exact or measure),"
            " preference, and sft on what people passed"
        )
    if not methods <= {"rl"}:
        rows = claims.pairs(bench, rows)
        write_finetune_file(bench.folder, rows)
    return train_chain(bench, rows, rewarded=claims.rewarded(asked, bench.target))
