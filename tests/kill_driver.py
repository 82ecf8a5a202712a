"""Run an arithmetic attack whole, then in a child that is killed at random and continued.

A program of its own: it forks after the slow imports, so that 25 kills cost seconds, not minutes.
"""

import os
import random
import signal
import sys
import time
from pathlib import Path

import torch
import transformers
from transformers import AutoModelForCausalLM, AutoTokenizer

from temper.config import load_config, parse_setting
from temper.pipeline import attack_arithmetic

KILLS = int(sys.argv[2])
SETTINGS = (
    "target.threads=1",
    "attack.max_queries=640",
    "attack.problems=8",
    "attack.proposals=24",
    'attack.attackers=["pirs", "random", "none"]',
    "measure.problems=12",
    "measure.clean_problems=40",
    *sys.argv[3:],
)
LOADED = (torch, transformers, AutoModelForCausalLM, AutoTokenizer)


def start(folder: Path) -> int:
    """Fork a child that does the run and exits; its process id."""
    child = os.fork()
    if child:
        return child
    try:
        torch.set_num_threads(1)
        config = load_config(None, dict(parse_setting(text) for text in SETTINGS))
        attack_arithmetic(config, folder)
        os._exit(0)
    except BaseException as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        os._exit(1)


def is_done(child: int) -> bool:
    done, status = os.waitpid(child, os.WNOHANG)
    assert not done or status == 0, f"the run itself failed: {status}"
    return bool(done)


def kill_and_continue(folder: Path) -> int:
    rng, kills = random.Random(2026), 0
    while kills < KILLS:
        child = start(folder)
        deadline = time.monotonic() + rng.uniform(0.3, 1.2)
        while time.monotonic() < deadline:
            if is_done(child):
                return kills
            time.sleep(0.01)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        kills += 1
    _, status = os.waitpid(start(folder), 0)
    assert status == 0
    return kills


out = Path(sys.argv[1])
_, status = os.waitpid(start(out / "whole"), 0)
assert status == 0
sys.stdout.write(f"{kill_and_continue(out / 'killed')}\n")
