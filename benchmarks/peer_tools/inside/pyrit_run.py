# pyright: basic, reportMissingImports=false
"""What a user of PyRIT writes: the documented executor over many objectives, kept in SQLite."""

import asyncio
import json
import sys
from pathlib import Path

from pyrit.executor.attack import AttackExecutor, AttackScoringConfig, PromptSendingAttack
from pyrit.prompt_target import OpenAIChatTarget
from pyrit.score import SubStringScorer
from pyrit.setup import initialize_pyrit_async


async def main(url: str, questions: Path, at_once: int) -> None:
    await initialize_pyrit_async(memory_db_type="SQLite", db_path="pyrit.sqlite")
    target = OpenAIChatTarget(endpoint=url, api_key="none", model_name="scripted")
    scorer = SubStringScorer(substring="wrong", categories=["sums"])
    attack = PromptSendingAttack(
        objective_target=target,
        attack_scoring_config=AttackScoringConfig(objective_scorer=scorer),
    )
    asked = [one["prompt"] for one in json.loads(questions.read_text())]
    done = await AttackExecutor(max_concurrency=at_once).execute_attack_async(
        attack=attack, objectives=asked, return_partial_on_failure=True
    )
    outcomes = [str(one.outcome.value) for one in done.completed_results]
    counts = outcomes.count("failure"), outcomes.count("success"), len(done.incomplete_objectives)
    Path("told.json").write_text(json.dumps(counts))


asyncio.run(main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))
