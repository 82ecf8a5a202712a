"""How many short texts a second a guard judges, by the kind of features that its measure goes by.

python benchmarks/guard_speed.py [--target almanac-s] [--encoder FOLDER] [--texts 20000]

Sentences of the invented almanac; 400 labels by the exact truth train each measure. Seconds are of
the processor, so that what else runs on the machine does not count.
"""

import argparse
import json
import random
import tempfile
import time
from pathlib import Path

from temper.campaigns.establish import establish
from temper.campaigns.guard import guard, guarded_row, open_measure, read_stream
from temper.campaigns.labelling import label_by_oracle
from temper.config import ConcernConfig, load_establish
from temper.establish.annotators import SimulatedAnnotator, find_oracle
from temper.establish.labels import Item
from temper.organisms.corpus.almanac.draws import draw_line
from temper.organisms.corpus.almanac.plan import Plan

CONCERN = ConcernConfig(labels=("true", "false", "neither"), failure=("false",))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--target", help="a model whose states are tried")
    parser.add_argument("--encoder", help="an encoder checkpoint")
    parser.add_argument("--texts", type=int, default=20_000)
    given = parser.parse_args()
    rng = random.Random(0)
    texts = [draw_line(rng, Plan()).text for _ in range(given.texts)]
    lines = [json.dumps({"text": text}).encode() for text in texts]
    ways = {"tfidf": {}}
    if given.target:
        ways["states"] = {"target.name": given.target, "target.threads": 1}
    if given.encoder:
        ways["encoder"] = {"establish.encoder": given.encoder}
    print("| features | texts | seconds | texts a second |\n|---|---|---|---|")
    for kind, settings in ways.items():
        with tempfile.TemporaryDirectory() as folder:
            label_by_oracle(
                Path(folder),
                CONCERN,
                lambda guideline: SimulatedAnnotator(
                    oracle=find_oracle("almanac/truth", guideline), name="truth"
                ),
                [Item.of(text) for text in dict.fromkeys(texts[:600])],
                400,
            )
            config = load_establish(None, {**settings, "establish.features": [kind]})
            establish(config, Path(folder))
            measure = open_measure(folder)
            measure.judge(texts[:1])
            began = time.process_time()
            rows = guard(measure, read_stream(lines, "text"), "text")
            written = sum(len(json.dumps(guarded_row(row))) for row in rows)
            seconds = time.process_time() - began
        assert written
        print(
            f"| {kind} | {len(lines)} | {seconds:.2f} | {len(lines) / seconds:,.0f} |", flush=True
        )


if __name__ == "__main__":
    main()
