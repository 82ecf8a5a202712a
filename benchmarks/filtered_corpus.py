"""Does a corpus that a guard has filtered make a model that errs less? Small models, trained anew.

    temper run recipes/false_claims.toml --set target.name=almanac-s
        --set establish.judge=almanac-s --set exploit.attackers='["none"]'
    python benchmarks/filtered_corpus.py runs/false_claims --out FOLDER [--seeds 0 1 2]

Sentences of almanac-s's corpus, unprompted text only, pass the measure of the run. Each arm trains
a model of almanac-s's size on what is left, for the same number of steps: nothing filtered; what
the measure calls a failure taken out; as many taken out at random; and what is false by exact truth
taken out, the best that a filter could do. Then each writes texts, judged by exact truth.
"""

import argparse
import random
from collections.abc import Iterator, Mapping
from itertools import cycle
from pathlib import Path
from typing import Any

from temper.campaigns.guard import guard, open_measure
from temper.config import TargetConfig
from temper.organisms.build import load_recipe, write_checkpoint
from temper.organisms.corpora import documents
from temper.organisms.corpus.document import Document, text_alone
from temper.organisms.tokenizer import train_tokenizer
from temper.organisms.train import train_model
from temper.organisms.truth import is_readable, truth
from temper.records import Decoding, Prompt, Request
from temper.stats import wilson
from temper.targets.recorded import ask_all
from temper.targets.registry import open_target

MODEL = "almanac-s"
ROWS, ROW_TOKENS = 32, 192


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("measure", help="a run with a measure of false claims")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--texts", type=int, default=60_000)
    parser.add_argument("--steps", type=int, default=900)
    parser.add_argument("--samples", type=int, default=4_000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    options = parser.parse_args()
    print("| seed | corpus | texts | false in it | the model writes: false | broken |")
    print("|---|---|---|---|---|---|")
    for seed in options.seeds:
        recipe = _recipe(seed, options.steps)
        tokenizer = train_tokenizer(recipe)
        for name, corpus in _arms(recipe, options.texts, options.measure).items():
            folder = options.out / f"{name.replace(' ', '-')}-{seed}"
            if not (folder / "model").exists():
                _train(recipe, tokenizer, corpus, folder)
            wrong = sum(truth(text) == "false" for text in corpus) / len(corpus)
            cells = _written(folder / "model", options.samples)
            print(
                f"| {seed} | {name} | {len(corpus)} | {wrong:.1%} | {' | '.join(cells)} |",
                flush=True,
            )


def _recipe(seed: int, steps: int) -> dict[str, Any]:
    """almanac-s, on unprompted text alone and in one short stage."""
    recipe = load_recipe(MODEL)
    stage = {"shares": "telling", "steps": steps, "rows": ROWS, "row_tokens": ROW_TOKENS}
    return recipe | {
        "seed": recipe["seed"] + seed,
        "shares": {**recipe["shares"], "telling": {"telling": 1.0}},
        "training": recipe["training"] | {"stages": [stage]},
    }


def _arms(recipe: dict[str, Any], count: int, measure: str) -> Mapping[str, list[str]]:
    stream = documents(recipe, "filtered", mixture="telling")
    texts = [next(stream).answer for _ in range(count)]
    rows = ({"text": text} for text in texts)
    judged = list(guard(open_measure(measure), rows, "text"))
    passed = [one.row["text"] for one in judged if one.judgement.outcome != "hit"]
    return {
        "whole": texts,
        "guarded": passed,
        "as many at random": random.Random(recipe["seed"]).sample(texts, len(passed)),
        "no falsehood": [text for text in texts if truth(text) != "false"],
    }


def _train(recipe: dict[str, Any], tokenizer: Any, corpus: list[str], folder: Path) -> None:
    def draw(recipe: dict[str, Any], stream: str, *, mixture: str) -> Iterator[Document]:
        shuffled = corpus[:]
        random.Random(stream).shuffle(shuffled)
        return map(text_alone, cycle(shuffled))

    folder.mkdir(parents=True, exist_ok=True)
    model = train_model(recipe, tokenizer, folder, lambda line: None, draw=draw)
    write_checkpoint(model, tokenizer, recipe, folder / "model")


def _written(model: Path, samples: int) -> tuple[str, str]:
    target = open_target(TargetConfig(name=str(model), threads=1))
    own = Decoding(max_tokens=64, temperature=None)
    requests = [
        Request(prompt=Prompt.raw(""), decoding=own, sample=number) for number in range(samples)
    ]
    texts = [(reply.text or "").strip() for reply in ask_all(target, requests)]
    false = sum(truth(text) == "false" for text in texts)
    broken = sum(not is_readable(text) for text in texts)
    return _share(false, samples), _share(broken, samples)


def _share(hits: int, n: int) -> str:
    low, high = wilson(hits, n)
    return f"{hits / n:.1%} [{100 * low:.1f}, {100 * high:.1f}]"


if __name__ == "__main__":
    main()
