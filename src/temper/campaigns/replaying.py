"""`temper replay` for attacks of any kind: on sums, or on a concern."""

from pathlib import Path

from temper.campaigns.replay import replay
from temper.campaigns.replay_concern import replay_concern
from temper.campaigns.replay_judges import is_exploitation
from temper.config import ReplayRun
from temper.errors import ConfigError
from temper.protocols import Reporter
from temper.run_folder import Outcome


def replay_runs(config: ReplayRun, folder: Path, reporter: Reporter) -> Outcome:
    """Put attacks of finished runs to other targets.

    Raises:
        ConfigError: attacks of both kinds, or measures for attacks that an oracle judges.
        TemperError: see `replay` and `replay_concern`.
    """
    kinds = {is_exploitation(run) for run in config.replay.runs}
    if len(kinds) > 1:
        raise ConfigError("attacks on sums and attacks on a concern: replay them apart")
    if True in kinds:
        return replay_concern(config, folder, reporter)
    if config.replay.measures:
        raise ConfigError(
            "--measure is for attacks on a concern: answers to sums are judged exactly"
        )
    return replay(config, folder, reporter)
