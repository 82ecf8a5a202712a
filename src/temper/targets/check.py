"""Try a target once, before a run is built on it."""

from collections.abc import Iterator

from temper.config import TargetConfig
from temper.errors import TargetError
from temper.protocols import Capabilities
from temper.records import Decoding, Prompt, Request
from temper.targets.endpoint.faults import shorten
from temper.targets.registry import open_target


def check_target(config: TargetConfig) -> Iterator[str]:
    """One line on what the target can do, after it has answered one prompt; of a server, more.

    Raises:
        TargetError: it cannot be opened, or its one answer is an error.
    """
    target = open_target(config)
    able = target.capabilities
    prompt = Prompt.user("Hello") if able.chat else Prompt.raw("Hello")
    request = Request(prompt=prompt, decoding=Decoding(max_tokens=4, temperature=0))
    (reply,) = target.generate([request])
    if reply.error:
        raise TargetError(f"{able.name} is there, but does not answer: {reply.error}")
    yield f"{able.name}: ok, {able.kind} ({able.details}); {_skills(able)}; hash {target.hash}"
    if able.kind == "http":
        yield f'  says to "Hello": {shorten(reply.text or "")}'
    if able.kind == "openai":
        from temper.targets.openai.quirks import look_at_quirks
        from temper.targets.openai.target import OpenAITarget

        assert isinstance(target, OpenAITarget)
        for quirk in look_at_quirks(target):
            yield f"  {quirk.what:<24}{quirk.found:<22}{quirk.meaning}".rstrip()


def _skills(able: Capabilities) -> str:
    weighs = "log-probabilities" if able.scores else "no log-probabilities"
    if able.scores_raw and not able.scores:
        weighs = "log-probabilities of raw prompts only"
    return ", ".join(
        [
            "chat" if able.chat else "completion only (no chat template)",
            weighs,
            "hidden states" if able.hidden else "no hidden states",
            f"context {able.context_tokens}" if able.context_tokens else "context unknown",
        ]
    )
