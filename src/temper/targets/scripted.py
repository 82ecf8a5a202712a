"""A target whose answers are a look-up table or a function: for tests, demos and dry runs."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from temper.errors import TargetError
from temper.protocols import Capabilities, Pooling
from temper.records import Prompt, Reply, Request, content_id

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Answer = Callable[[Request], str]
Weigh = Callable[[Prompt, str], float]


class ScriptedTarget:
    """Answers by `script` (last message to response), or by a function of the request.

    `weigh` gives the log-probability of an answer; without it the target cannot score. An answer
    that raises becomes a reply with an error, as a failing server would give.
    """

    unit: int | None = None

    def __init__(
        self,
        script: Mapping[str, str] | Answer | None = None,
        otherwise: str = "I can't help with that.",
        *,
        weigh: Weigh | None = None,
        name: str = "scripted",
    ) -> None:
        self.script, self.otherwise, self.weigh, self.name = script or {}, otherwise, weigh, name
        self.asked = 0
        """Requests answered so far."""

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            name=self.name,
            kind="scripted",
            chat=True,
            scores=self.weigh is not None,
            hidden=False,
            context_tokens=None,
        )

    @property
    def hash(self) -> str:
        return content_id("scripted", self.name)

    def generate(self, requests: Iterable[Request]) -> Iterator[Reply]:
        for request in requests:
            self.asked += 1
            yield self._reply(request)

    def hidden(self, texts: Sequence[str], *, pooling: Pooling = "mean") -> "NDArray[np.float32]":
        raise TargetError(f"{self.name} is scripted and has no hidden states: use another embedder")

    def _reply(self, request: Request) -> Reply:
        try:
            if request.answers:
                if self.weigh is None:
                    raise ValueError("this target gives no log-probabilities")
                logprobs = tuple(self.weigh(request.prompt, answer) for answer in request.answers)
                return Reply(request_id=request.id, logprobs=logprobs, finish="scored")
            text = self._text(request)
        except Exception as error:  # the script stands for any remote program
            return Reply(request_id=request.id, finish="error", error=str(error) or repr(error))
        return Reply(request_id=request.id, text=text, tokens_out=len(text.split()))

    def _text(self, request: Request) -> str:
        if callable(self.script):
            return self.script(request)
        return self.script.get(request.prompt.last.text, self.otherwise)
