"""Whatever a TOML file asks for: from a worry on, a grid of attacks, or a grid of hardenings."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from temper.campaigns.grid import run_campaign
from temper.campaigns.hardening.grid import run_grid
from temper.campaigns.worry import run_worry
from temper.campaigns.worry_labels import Waiting
from temper.config import (
    is_harden,
    is_worry,
    load_campaign,
    load_harden_campaign,
    load_worry,
)
from temper.errors import ConfigError
from temper.protocols import Reporter, Silent
from temper.run_folder import Outcome


def run_file(
    file: Path,
    folder: Path,
    targets: Sequence[str],
    settings: Mapping[str, Any],
    *,
    redo: str | None = None,
    reporter: Reporter | None = None,
) -> Outcome | Waiting:
    """Run a file; the same call on the same folder continues where it was.

    Args:
        file: TOML, with a section concern, grid (and harden) or campaign.
        folder: of the run.
        targets: instead of the file's; none: the file's.
        settings: single settings by dotted name, laid over the file.
        redo: of a file with a concern: forget this stage and what follows.
        reporter: told of the progress.

    Raises:
        TemperError: as the kind of run raises it.
        Stopped: the budget was used up before there was anything to show.
    """
    reporter = reporter or Silent()
    if is_worry(file):
        if len(targets) > 1:
            raise ConfigError("--target: a file with a [concern] has one target")
        own = {"target.name": targets[0]} if targets else {}
        config = load_worry(file, {**settings, **own})
        return run_worry(config, folder, redo=redo, reporter=reporter)
    if is_harden(file):
        own = {"grid.targets": list(targets)} if targets else {}
        return run_grid(load_harden_campaign(file, {**settings, **own}), folder, reporter)
    own = {"campaign.targets": list(targets)} if targets else {}
    return run_campaign(load_campaign(file, {**settings, **own}), folder, reporter)
