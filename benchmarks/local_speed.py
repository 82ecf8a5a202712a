"""Speed of the local target: samples against the usual pipeline, tokens that scoring feeds.

python benchmarks/local_speed.py --data DIR [--samples N] [--threads T] [--rounds R]

DIR holds `targets/stories260k`, a third-party checkpoint. Rounds alternate between the ways, and
the table gives the median with the spread, in wall time and in samples a CPU-second.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, logging, pipeline

from temper.arithmetic.frames import ask
from temper.arithmetic.problems import ProblemPool, draw_problems
from temper.config import TargetConfig
from temper.exploit.baselines import handwritten_texts
from temper.protocols import Target
from temper.records import Decoding, Prompt, Request
from temper.targets import prefixes, weigh
from temper.targets.huggingface import HuggingFaceTarget
from temper.targets.recorded import ask_all
from temper.targets.registry import open_target

OPENINGS = ("Once upon a time", "The little dog", "One day, Tom", "Lily was", "In the garden")
NEW_TOKENS = 24
BATCH_SIZES = (16, 64, 256, 1024)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--samples", type=int, default=1024)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    logging.set_verbosity_error()
    folder = chosen.data / "targets" / "stories260k"
    sampling(folder, chosen.samples, chosen.rounds, chosen.threads)
    scoring()


Way = tuple[Callable[[int], None], int]
"""Draws so many samples, and how many it shall draw in a round."""


def sampling(folder: Path, samples: int, rounds: int, threads: int) -> None:
    """The table of all ways, measured in turn."""
    prompts = [OPENINGS[number % len(OPENINGS)] for number in range(samples)]
    ways = {**usual_ways(folder, prompts), "temper": (our_way(folder, prompts, threads), samples)}
    for work, count in ways.values():
        work(min(count, 32))
    walls: dict[str, list[float]] = {name: [] for name in ways}
    cpus: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, (work, count) in ways.items():
            wall, cpu = time.perf_counter(), sum(os.times()[:2])
            work(count)
            walls[name].append(1000 * (time.perf_counter() - wall) / count)
            cpus[name].append(count / (sum(os.times()[:2]) - cpu))
    print(f"{samples} samples of {NEW_TOKENS} tokens, {threads} thread(s), {rounds} rounds\n")
    print_ways(walls, cpus)


def usual_ways(folder: Path, prompts: list[str]) -> dict[str, Way]:
    """The pipeline at several batch sizes, and plain `generate`."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model: Any = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
    tokenizer.padding_side = "left"
    generator: Any = pipeline("text-generation", model=model, tokenizer=tokenizer)
    drawn: dict[str, Any] = {"do_sample": True, "top_k": 0, "max_new_tokens": NEW_TOKENS}

    def by_pipeline(batch_size: int, count: int) -> None:
        generator(prompts[:count], batch_size=batch_size, return_full_text=False, **drawn)

    def by_generate(count: int) -> None:
        for start in range(0, count, 256):
            ids = tokenizer(prompts[start : start + 256], return_tensors="pt", padding=True)
            ids.pop("token_type_ids", None)
            tokenizer.batch_decode(model.generate(**ids, **drawn), skip_special_tokens=True)

    return {
        "pipeline, one at a time": (partial(by_pipeline, 1), min(len(prompts), 64)),
        **{
            f"pipeline, batch_size={size}": (partial(by_pipeline, size), len(prompts))
            for size in BATCH_SIZES
        },
        "model.generate, batches of 256": (by_generate, len(prompts)),
    }


def our_way(folder: Path, prompts: list[str], threads: int) -> Callable[[int], None]:
    target = HuggingFaceTarget(folder, threads=threads)
    decoding = Decoding(max_tokens=NEW_TOKENS, temperature=1.0)

    def draw(count: int) -> None:
        requests = [
            Request(prompt=Prompt.raw(text), decoding=decoding, sample=number)
            for number, text in enumerate(prompts[:count])
        ]
        ask_all(target, requests)

    return draw


def print_ways(walls: dict[str, list[float]], cpus: dict[str, list[float]]) -> None:
    print("| way | ms a sample: median [least, most] | samples a CPU-second |")
    print("|---|---|---|")
    middle = {name: statistics.median(times) for name, times in walls.items()}
    for name, times in walls.items():
        spread = f"{middle[name]:.3f} [{min(times):.3f}, {max(times):.3f}]"
        print(f"| {name} | {spread} | {statistics.median(cpus[name]):.0f} |")
    best = min(middle[f"pipeline, batch_size={size}"] for size in BATCH_SIZES)
    alone = middle["pipeline, one at a time"]
    print(f"\ntemper: {alone / middle['temper']:.1f} times one at a time,", end=" ")
    print(f"{best / middle['temper']:.2f} times the best batch size\n")


def scoring() -> None:
    """Tokens that pass through the model: 16 problems an attack, one answer or several."""
    target = open_target(TargetConfig(name="abacus-s", threads=1))
    problems = draw_problems(
        [ProblemPool("search", digits, ("+",)) for digits in (1, 2)], 16, "speed"
    )
    print("| attacks | answers | tokens of prompts and answers | tokens fed |")
    print("|---|---|---|---|")
    for attacks in (1, 16):
        for answers in (1, 2, 8):
            requests = [
                Request(
                    prompt=ask(problem, "chat", text),
                    answers=tuple(str(problem.right + extra) for extra in range(answers)),
                )
                for text in handwritten_texts()[:attacks]
                for problem in problems
            ]
            asked, fed = fed_tokens(target, requests)
            print(f"| {attacks} | {answers} | {asked} | {fed} |")


def fed_tokens(target: Target, requests: list[Request]) -> tuple[int, int]:
    fed: list[int] = []
    forward = prefixes.forward

    def counted(checkpoint: Any, tokens: Any, *rest: Any, **options: Any) -> Any:
        fed.append(tokens.numel())
        return forward(checkpoint, tokens, *rest, **options)

    prefixes.forward = weigh.forward = counted
    try:
        replies = ask_all(target, requests)
    finally:
        prefixes.forward = weigh.forward = forward
    return sum(reply.tokens_in for reply in replies), sum(fed)


if __name__ == "__main__":
    main()
