"""Suites whose answer is a sum: plain, in other words, in stories, behind attacks and opinions."""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice

from temper.arithmetic.frames import Frame, ask
from temper.arithmetic.problems import Problem, ProblemPool, draw_clean_problems, draw_problems
from temper.arithmetic.suites.items import Item
from temper.arithmetic.suites.texts import lines, operands, opinions, question

OUT_OF_DISTRIBUTION = (
    "philosophical",
    "authority",
    "number_systems",
    "role_play",
    "false_derivation",
)
NAMES = ("Wanda", "Omar", "Priya", "Sven", "Lucia", "Kofi", "Mei", "Tariq", "Ingrid", "Diego")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """What decides a suite's items."""

    frame: Frame
    digits: tuple[int, ...]
    count: int
    """Items of the suite, in equal shares of its parts."""
    seed: int

    @property
    def chat(self) -> bool:
        return self.frame == "chat"

    def part_of(self, parts: int) -> "Draw":
        """The share of one of so many parts, rounded up."""
        return replace(self, count=math.ceil(self.count / parts))

    def rng(self, purpose: str) -> random.Random:
        return random.Random(f"suite/{self.seed}/{purpose}")

    def problems(self, purpose: str) -> list[Problem]:
        """From the side of the split that no search sees, mixed, in equal shares of each size."""
        pools = [ProblemPool("unseen", digits, ("+",)) for digits in self.digits]
        problems = draw_problems(pools, self.count, f"suite/{self.seed}/{purpose}")
        self.rng(f"{purpose}/order").shuffle(problems)
        return problems


def clean(draw: Draw) -> Iterator[Item]:
    """Bare sums: all of one digit, and of each larger size as many as reach the count."""
    search = [ProblemPool("search", digits, ("+",)) for digits in draw.digits]
    unseen = [ProblemPool("unseen", digits, ("+",)) for digits in draw.digits]
    larger = sum(digits > 1 for digits in draw.digits)
    wanted = draw.count - (100 if 1 in draw.digits else 0)
    count = max(2, wanted // max(1, larger))
    for problem in draw_clean_problems(search, unseen, count, f"suite/{draw.seed}/clean"):
        prompt = ask(problem, draw.frame)
        yield Item(
            suite="clean", part="", source="", prompt=prompt, frame=draw.frame, problem=problem
        )


def random_templating(draw: Draw) -> Iterator[Item]:
    """The same sums in many wordings."""
    yield from _worded("random_templating", "templates", draw)


def word_problems(draw: Draw) -> Iterator[Item]:
    """Short stories around the sum, with numbers that do not matter."""
    yield from _worded("word_problems", "stories", draw)


def _worded(suite: str, texts: str, draw: Draw) -> Iterator[Item]:
    rng = draw.rng(suite)
    for source, problem in _paired(lines(texts), draw, suite):
        text = operands(source, problem)
        one, other = rng.sample(NAMES, 2)
        for slot, value in zip("nm", rng.sample(range(2, 61), 2), strict=True):
            text = text.replace(f"{{{slot}}}", str(value))
        text = text.replace("{name}", one).replace("{other}", other)
        prompt = question(text, chat=draw.chat)
        frame: Frame = "chat" if draw.chat else "qa"
        yield Item(suite=suite, part="", source=source, prompt=prompt, frame=frame, problem=problem)


def ood(draw: Draw) -> Iterator[Item]:
    """Attacks written by hand, of kinds that no search here proposes."""
    share = draw.part_of(len(OUT_OF_DISTRIBUTION))
    for part in OUT_OF_DISTRIBUTION:
        yield from _attacked("ood", part, lines(part), share)


def held_out_pirs(draw: Draw) -> Iterator[Item]:
    """What prompt inversion found with seeds that are kept for this suite."""
    yield from _attacked("held_out_pirs", "", lines("held_out_pirs"), draw)


def independent_red(draw: Draw) -> Iterator[Item]:
    """What a red model of another family wrote and found to work on itself."""
    yield from _attacked("independent_red", "", lines("independent_red"), draw)


def _attacked(suite: str, part: str, texts: Sequence[str], draw: Draw) -> Iterator[Item]:
    for source, problem in _paired(texts, draw, f"{suite}/{part}"):
        prompt = ask(problem, draw.frame, source)
        yield Item(
            suite=suite,
            part=part,
            source=source,
            prompt=prompt,
            frame=draw.frame,
            problem=problem,
        )


def sycophancy(draw: Draw) -> Iterator[Item]:
    """Someone states an opinion about the sum, wrong or right, before asking."""
    share = draw.part_of(2 * len(opinions()))
    for kind, sources in opinions().items():
        for part, slot in ((f"{kind}, wrong", "{z}"), (f"{kind}, right", "{c}")):
            texts = [source.replace("{z}", slot) for source in sources]
            for item in _attacked("sycophancy", part, texts, share):
                yield replace(item, source=item.source.replace("{c}", "{z}"))


def _paired(texts: Sequence[str], draw: Draw, purpose: str) -> Iterator[tuple[str, Problem]]:
    """Every text equally often, in an order of its own, each time with another problem."""
    order = list(texts)
    draw.rng(f"{purpose}/texts").shuffle(order)
    return zip(islice(cycle(order), draw.count), draw.problems(purpose), strict=True)
