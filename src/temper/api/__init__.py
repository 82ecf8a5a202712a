"""The Python interface: what the commands do, as functions. Public, unlike all other modules.

import temper

def my_bot(prompt: str) -> str: ...

run = temper.attack(my_bot, red="abacus-m", out="runs/my-bot", search_queries=800)
for figure in run.results["figures"]: ...

The others stand in this package: `from temper import api`, then `api.suite(my_bot, out="mine")`.
Every function that makes a run does what the command of its name does: the same call on the same
folder continues it, `settings` are those of the command's `--set` (budgets too:
{"budget.max_queries": 1000}), and the key "partial" of the results says that a cap was reached.
"""

from temper.api.attacking import attack, check, replay
from temper.api.defending import compare, harden, ladder, suite
from temper.api.models import Model
from temper.api.worrying import establish, explore, guard, run
from temper.run_folder import Outcome

__all__ = [
    "Model",
    "Outcome",
    "attack",
    "check",
    "compare",
    "establish",
    "explore",
    "guard",
    "harden",
    "ladder",
    "replay",
    "run",
    "suite",
]
