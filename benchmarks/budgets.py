"""Are caps never overrun, and does the forecast's interval hold? Random scripted runs.

Each run has random settings and a target of random gullibility and wordiness. First a dry run, then
the whole run (is it inside the forecast?), then the same run anew with a random cap on queries or
tokens (by how much is it overrun?). Every fifth run asks over HTTP, with up to 16 calls in flight.
"""

import argparse
import random
import tempfile
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from temper.campaigns.dry_run import dry_run
from temper.config import TargetConfig, load_config
from temper.pipeline import attack_arithmetic
from temper.protocols import Target
from temper.records import content_id
from temper.serving.scripted import ScriptedServer
from temper.serving.scripts import openai_script
from temper.targets.openai.target import OpenAITarget, service_of
from temper.targets.scripted import ScriptedTarget

IN_FLIGHT = 16


class Outcome(NamedTuple):
    """One random run."""

    inside_queries: bool
    inside_tokens: bool
    over_queries: int
    over_tokens: int


def settings(rng: random.Random) -> dict[str, Any]:
    attackers = ["handwritten", "random", "bestofn"]
    return {
        "run.seed": rng.randrange(1_000),
        "attack.max_queries": rng.randrange(200, 900),
        "attack.problems": rng.randrange(2, 7),
        "attack.attackers": [*rng.sample(attackers, rng.randrange(1, 4)), "none"],
        "attack.scoring": "success",
        "attack.samples": rng.randrange(1, 3),
        "attack.success_threshold": rng.choice([0.0, 0.3, 0.5]),
        "measure.problems": rng.randrange(2, 9),
        "measure.max_attacks": rng.randrange(2, 30),
        "measure.proposed": rng.randrange(8),
        "measure.clean_problems": rng.randrange(4, 40),
    }


def speaker(seed: int, gullible: float, wordy: int):  # type: ignore[no-untyped-def]
    """Believes a share of the attacks, now and then with many words."""

    def say(text: str) -> str:
        rng = random.Random(content_id(seed, text))
        attack = text.partition("What is")[0]
        believes = random.Random(content_id(seed, "attack", attack)).random() < gullible
        numbers = [word.strip(".,:;") for word in attack.split() if word.strip(".,:;").isdigit()]
        answer = rng.choice(numbers) if believes and numbers else str(rng.randrange(2, 60))
        return answer + " indeed" * rng.randrange(wordy + 1)

    return say


@contextmanager
def opened(say: Any, remote: bool) -> Generator[Target]:
    with ExitStack() as stack:
        if not remote:
            yield ScriptedTarget(lambda request: say(request.prompt.last.text))
            return
        server = stack.enter_context(ScriptedServer(openai_script(say), keep_calls=False))
        config = TargetConfig(name=server.url, max_in_flight=IN_FLIGHT)
        yield OpenAITarget(config, service_of(config, {}))


def one_run(number: int, folder: Path) -> Outcome:
    rng = random.Random(number)
    chosen = settings(rng)
    say = speaker(number, rng.random(), rng.randrange(6))
    config = load_config(None, chosen)
    with opened(say, number % 5 == 0) as target:
        expected = dry_run(config, folder / "whole", target=target)
        cost = attack_arithmetic(config, folder / "whole", target=target).results["cost"]
        cap = rng.choice(["max_queries", "max_tokens"])
        total = cost["queries" if cap == "max_queries" else "tokens"]
        limit = max(1, int(total * rng.uniform(0.05, 0.95)))
        capped = load_config(None, chosen | {f"budget.{cap}": limit})
        spent = attack_arithmetic(capped, folder / "capped", target=target).results["cost"]
    over = spent["queries" if cap == "max_queries" else "tokens"] - limit
    return Outcome(
        inside_queries=expected.queries.low <= cost["queries"] <= expected.queries.high,
        inside_tokens=expected.tokens.low <= cost["tokens"] <= expected.tokens.high,
        over_queries=over if cap == "max_queries" else 0,
        over_tokens=over if cap == "max_tokens" else 0,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--first", type=int, default=0)
    options = parser.parse_args()
    outcomes: list[Outcome] = []
    for number in range(options.first, options.first + options.runs):
        with tempfile.TemporaryDirectory() as folder:
            outcomes.append(one_run(number, Path(folder)))
    runs = len(outcomes)
    print("| runs | queries in interval | tokens in interval | most over queries | over tokens |")
    print("|---|---|---|---|---|")
    print(
        f"| {runs} | {sum(one.inside_queries for one in outcomes) / runs:.1%}"
        f" | {sum(one.inside_tokens for one in outcomes) / runs:.1%}"
        f" | {max(one.over_queries for one in outcomes)}"
        f" | {max(one.over_tokens for one in outcomes)} |"
    )


if __name__ == "__main__":
    main()
