"""A target in a package of its own: it repeats what it is told."""

from temper.config import TargetConfig
from temper.protocols import Target
from temper.targets.function import FunctionTarget


def open_parrot(config: TargetConfig) -> Target:
    """Called with the [target] section when its name is "parrot"."""
    return FunctionTarget(lambda text: f"{config.model or 'parrot'} says {text}", name="parrot")
