"""Try a target once, before a run is built on it."""

from temper.config import TargetConfig
from temper.errors import TargetError
from temper.records import Decoding, Prompt, Request
from temper.targets.registry import open_target


def check_target(config: TargetConfig) -> str:
    """One line on what the target can do, after it has answered one prompt.

    Raises:
        TargetError: it cannot be opened, or its one answer is an error.
    """
    target = open_target(config)
    able = target.capabilities
    prompt = Prompt.user("Hello") if able.chat else Prompt.raw("Hello")
    request = Request(prompt=prompt, decoding=Decoding(max_tokens=4, temperature=0))
    (reply,) = target.generate([request])
    if reply.error:
        raise TargetError(f"{able.name} loads, but does not answer: {reply.error}")
    skills = [
        "chat" if able.chat else "completion only (no chat template)",
        "log-probabilities" if able.scores else "no log-probabilities",
        "hidden states" if able.hidden else "no hidden states",
        f"context {able.context_tokens}" if able.context_tokens else "context unknown",
    ]
    return f"{able.name}: ok, {able.kind} ({able.details}); {', '.join(skills)}; hash {target.hash}"
