"""Tokens that pass through the model for all doses and suffixes, against the longest prompt.

python benchmarks/overload_tokens.py abacus-m 1024
"""

import sys
from typing import Any

from temper.config import TargetConfig
from temper.evaluate.overload import FILLERS, doses, measure_problem, overload_problems
from temper.targets import chains, prefixes, weigh
from temper.targets.huggingface import HuggingFaceTarget
from temper.targets.registry import open_target


def main(name: str, most: int) -> None:
    target = open_target(TargetConfig(name=name))
    if not isinstance(target, HuggingFaceTarget):
        raise SystemExit(f"{name} is no local checkpoint: nobody sees its tokens")
    counted: list[int] = []
    real = chains.forward

    def counting(checkpoint: Any, tokens: Any, *rest: Any, **options: Any) -> Any:
        counted.append(tokens.numel())
        return real(checkpoint, tokens, *rest, **options)

    for module in (chains, prefixes, weigh):
        vars(module)["forward"] = counting
    print("| filler | prompts | longest | passed | ratio | one by one |\n|---|---|---|---|---|---|")
    for filler in FILLERS:
        counted.clear()
        alone: list[int] = []
        problem = overload_problems(2, 0)[0]
        frame = "chat" if target.capabilities.chat else "qa"
        real_generate = target.generate

        def watching(requests: Any, generate: Any = real_generate, into: list[int] = alone) -> Any:
            for reply in generate(requests):
                into.append(reply.tokens_in)
                yield reply

        target.generate = watching
        points = measure_problem(target, problem, filler, frame, doses(most), target.count_tokens)
        target.generate = real_generate
        longest = max(alone)
        print(
            f"| {filler} | {len(points)} | {longest} | {sum(counted)} |"
            f" {sum(counted) / longest:.2f} | {sum(alone)} |"
        )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
