"""What the functions of the interface take for a model, and its settings."""

from typing import Any

from temper.config import TargetConfig
from temper.errors import ConfigError
from temper.protocols import Target
from temper.targets.function import Function, FunctionTarget

Model = str | TargetConfig | Target | Function
"""A name, path or URL; its settings; an object with the members of `protocols.Target`; or a
function from text to text, plain or async."""


def settings_of(model: str | TargetConfig) -> TargetConfig:
    return TargetConfig(name=model) if isinstance(model, str) else model


def named(section: str, model: Model) -> dict[str, Any]:
    """Settings that name a model; an object keeps a name only, for the run's own record."""
    if isinstance(model, str | TargetConfig):
        given = settings_of(model).model_dump(exclude_unset=True)
        return {f"{section}.{key}": value for key, value in given.items()}
    found = opened(model)
    assert found is not None
    return {f"{section}.name": found.capabilities.name}


def opened(model: Model) -> Target | None:
    """A target object; None where the settings name it."""
    if isinstance(model, str | TargetConfig):
        return None
    if hasattr(model, "generate") and hasattr(model, "capabilities"):
        return model  # pyright: ignore[reportReturnType]
    if callable(model):
        return FunctionTarget(model)
    raise ConfigError(
        f"{type(model).__name__} is no target: give a name, a path, a URL, an object with the"
        " members of temper.protocols.Target, or a function from text to text"
    )
