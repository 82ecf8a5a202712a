"""A target that speaks at no cost, and vectors that common words share."""

import hashlib
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from temper.campaigns import explore as campaign
from temper.config import ExploreRun, TargetConfig, load_explore
from temper.protocols import Embedder, Target
from temper.records import Request
from temper.run_folder import Outcome
from temper.targets.scripted import ScriptedTarget

Explore = Callable[..., Outcome]

SUBJECTS = ("river", "mountain", "village", "market", "forest", "harbour")
VERBS = ("lies", "stands", "runs", "rests")
PLACES = ("in the north", "by the sea", "near the old road", "under the hills", "far away")


def speak(request: Request) -> str:
    rng = random.Random(request.id)
    begun = request.prompt.last.text
    said = f"The {rng.choice(SUBJECTS)} {rng.choice(VERBS)} {rng.choice(PLACES)}."
    if not begun:
        return said
    return f" {said[4:]}" if begun == "The" else f" so it is said of {rng.randint(1, 99)} men."


class Words:
    """Mean of a fixed random vector for each word."""

    @property
    def hash(self) -> str:
        return "words"

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        return np.stack([np.mean([_vector(w) for w in text.split()], axis=0) for text in texts])


def _vector(word: str) -> np.ndarray:
    seed = int(hashlib.sha256(word.encode()).hexdigest()[:8], 16)
    return np.random.default_rng(seed).normal(size=16).astype(np.float32)


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> ScriptedTarget:
    """What every exploration of this test asks."""
    target = ScriptedTarget(speak)
    words = Words()

    def speaker(config: TargetConfig) -> Target:
        return target

    def embedder(config: ExploreRun, target: Target) -> Embedder:
        return words

    monkeypatch.setattr(campaign, "open_target", speaker)
    monkeypatch.setattr(campaign, "open_embedder", embedder)
    return target


@pytest.fixture
def explore(scripted: ScriptedTarget, tmp_path: Path) -> Explore:
    def run(folder: str = "run", *, redo: str | None = None, **settings: object) -> Outcome:
        small = {"draws": 120, "clusters": 4, "kept": 12, **settings}
        config = load_explore(None, {f"explore.{key}": value for key, value in small.items()})
        return campaign.explore(config, tmp_path / folder, redo=redo)

    return run
