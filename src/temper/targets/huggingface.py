"""Any local causal checkpoint in Hugging Face form: generate, weigh answers, show hidden states."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from temper.config import Dtype
from temper.protocols import Capabilities, Pooling
from temper.records import Reply, Request
from temper.targets.batches import Encoded, in_batches
from temper.targets.checkpoint import Checkpoint, load_checkpoint, read_config
from temper.targets.wording import SEAM, continuation, prompt_text, prompt_tokens

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class HuggingFaceTarget:
    """A checkpoint folder, loaded when first asked.

    Args:
        path: folder with config.json, safetensors weights and a tokenizer.
        device: a torch device; "auto" takes the first GPU, else the CPU.
        dtype: float32 on the CPU unless named: bf16 gives log-probabilities of three digits and
            texts that depend on the batch.
        threads: torch threads of this process; None leaves torch's own choice.

    Raises:
        TargetError: the folder is no usable checkpoint; the message says what is missing.
    """

    def __init__(
        self,
        path: Path,
        *,
        name: str | None = None,
        device: str = "auto",
        dtype: Dtype | None = None,
        threads: int | None = None,
    ) -> None:
        self.path, self.name = path, name or path.name
        self._device_name, self._threads = device, threads
        self._dtype: Dtype | None = dtype
        self._config = read_config(path)
        self._loaded: Checkpoint | None = None
        self._hash: str | None = None
        self._continuations: dict[tuple[str, str], tuple[int, ...]] = {}

    @property
    def hash(self) -> str:
        """SHA-256 over weights, config, tokenizer and template; neither device nor dtype."""
        if self._hash is None:
            self._hash = _hash_of_files(self.path)
        return self._hash

    @property
    def unit(self) -> int:
        """About a second of work on two cores for the smallest models, less for larger ones."""
        megabytes = sum(file.stat().st_size for file in self.path.glob("*.safetensors")) / 1e6
        return 128 if megabytes < 40 else 64 if megabytes < 1_000 else 16

    @property
    def capabilities(self) -> Capabilities:
        model = self._model()
        parameters = sum(tensor.numel() for tensor in model.parameters())
        return Capabilities(
            name=self.name,
            kind="huggingface",
            chat=self._has_template(),
            scores=True,
            hidden=True,
            context_tokens=self.context_tokens,
            details=f"{self._config.get('model_type')}, {parameters / 1e6:.2f} M parameters,"
            f" {str(model.dtype).removeprefix('torch.')} on {model.device}",
        )

    @property
    def context_tokens(self) -> int | None:
        value = self._config.get("max_position_embeddings") or self._config.get("n_positions")
        return int(value) if value else None

    def generate(self, requests: Iterable[Request]) -> Iterator[Reply]:
        from temper.targets.chains import weigh_all
        from temper.targets.decode import draw_texts

        encoded: list[Encoded] = []
        for request in requests:
            item = self._encode(request)
            if isinstance(item, Reply):
                yield item
            else:
                encoded.append(item)
        model, checkpoint = self._model(), self.checkpoint()
        scored = [item for item in encoded if item.request.answers]
        drawn = [item for item in encoded if not item.request.answers]
        yield from weigh_all(checkpoint, scored)
        yield from in_batches(drawn, model, lambda part: draw_texts(checkpoint, part))

    def hidden(self, texts: Sequence[str], *, pooling: Pooling = "mean") -> "NDArray[np.float32]":
        from temper.targets.weigh import pooled_states

        return pooled_states(self.checkpoint(), texts, self.context_tokens, pooling)

    def count_tokens(self, text: str) -> int:
        """Tokens of the text alone, without any template."""
        return len(self._tokenizer()(text, add_special_tokens=False)["input_ids"])

    def layers(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """States of every layer, (layers + 1, texts, features), for probes; layer 0: embeddings."""
        from temper.targets.layers import layer_states

        return layer_states(self.checkpoint(), texts, self.context_tokens)

    def _encode(self, request: Request) -> Encoded | Reply:
        """Token ids, or the reply that says why this prompt cannot be put at all."""
        tokenizer = self._tokenizer()
        try:
            text = prompt_text(tokenizer, request.prompt)
            prompt = prompt_tokens(tokenizer, request.prompt, text)
            answers = tuple(self._continuation(text, answer) for answer in request.answers)
        except (UnicodeError, TypeError, ValueError) as error:
            return _failed(request, f"the tokenizer refuses this text: {error}")
        if not prompt:
            return _failed(request, "the prompt is empty")
        longest = max(map(len, answers), default=0)
        wanted = len(prompt) + (request.decoding.max_tokens if request.decoding else longest)
        if self.context_tokens is not None and wanted > self.context_tokens:
            return _failed(
                request,
                f"{wanted} tokens with the answer, but the context holds {self.context_tokens}",
            )
        return Encoded(request, tuple(prompt), answers)

    def _continuation(self, text: str, answer: str) -> tuple[int, ...]:
        key = text[-SEAM:], answer
        if key not in self._continuations:
            self._continuations[key] = continuation(self._tokenizer(), text, answer)
        return self._continuations[key]

    def _has_template(self) -> bool:
        return self._tokenizer().chat_template is not None

    def _tokenizer(self) -> Any:
        return self.checkpoint().tokenizer

    def _model(self) -> Any:
        return self.checkpoint().model

    def checkpoint(self) -> Checkpoint:
        """Model and tokenizer themselves, for who needs more than texts."""
        if self._loaded is None:
            self._loaded = load_checkpoint(self.path, self._device_name, self._dtype, self._threads)
        return self._loaded


def _hash_of_files(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(folder.iterdir()):
        if file.suffix in {".safetensors", ".json", ".jinja"} and file.is_file():
            digest.update(file.name.encode())
            with file.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()[:24]


def _failed(request: Request, why: str) -> Reply:
    return Reply(request_id=request.id, finish="error", error=why)
