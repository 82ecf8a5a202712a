"""Fine-tune a sequence-classification checkpoint that the user names, classes of equal weight."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from temper.errors import MeasureError
from temper.targets.checkpoint import read_config
from temper.text.linear import Floats, Ints, softmax

BATCH = 32
LONGEST = 128
"""Tokens of a text that are read."""


class TunedClassifier:
    """A sequence classifier and its tokenizer.

    Args:
        path: folder with config.json, safetensors weights and a tokenizer.
        classes: outputs to put on top; None keeps the checkpoint's own.

    Raises:
        TargetError: the folder is no checkpoint of safetensors.
        MeasureError: it cannot be loaded as a sequence classifier.
    """

    def __init__(self, path: Path, classes: int | None = None, seed: int = 0) -> None:
        read_config(path)
        try:
            import torch
            import transformers
        except ImportError as error:
            raise MeasureError(
                f"a sequence classifier needs torch and transformers ({error}):"
                " pip install 'temper-lm[local]'"
            ) from error
        transformers.utils.logging.set_verbosity_error()
        transformers.utils.logging.disable_progress_bar()
        torch.manual_seed(seed)  # the new head is drawn at random
        options: dict[str, Any] = {} if classes is None else {"num_labels": classes}
        try:
            self.tokenizer: Any = transformers.AutoTokenizer.from_pretrained(
                path, local_files_only=True
            )
            self.model: Any = transformers.AutoModelForSequenceClassification.from_pretrained(
                path,
                local_files_only=True,
                use_safetensors=True,
                dtype=torch.float32,
                ignore_mismatched_sizes=classes is not None,
                **options,
            )
        except Exception as error:  # the library raises whatever the broken file provokes
            reason = " ".join(str(error).split())[:300] or type(error).__name__
            raise MeasureError(
                f"{path} cannot be loaded as a sequence classifier: {reason}"
            ) from error
        if self.tokenizer.pad_token is None:
            self.tokenizer.pad_token = self.tokenizer.eos_token
        self.model.config.pad_token_id = self.tokenizer.pad_token_id
        self.path = path

    @property
    def names(self) -> list[str]:
        """The checkpoint's own names of its classes, in order."""
        return [str(name) for _, name in sorted(self.model.config.id2label.items())]

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """(texts, classes)."""
        import torch

        self.model.eval()
        parts: list[Any] = []
        with torch.no_grad():
            for start in range(0, len(texts), BATCH):
                batch = self._encode(texts[start : start + BATCH])
                parts.append(self.model(**batch).logits.double().cpu().numpy())
        return softmax(np.concatenate(parts)) if parts else np.zeros((0, len(self.names)))

    def train(
        self, texts: Sequence[str], classes_N: Ints, *, epochs: int, learning_rate: float, seed: int
    ) -> None:
        """AdamW with a rate that falls to 0; the loss weighs every class alike."""
        import torch

        rng = np.random.default_rng(seed)
        torch.manual_seed(seed)
        counts_K = np.bincount(classes_N, minlength=self.model.config.num_labels)
        weights_K = torch.tensor(len(classes_N) / np.maximum(counts_K, 1) / len(counts_K))
        optimizer = torch.optim.AdamW(self.model.parameters(), lr=learning_rate, weight_decay=0.01)
        steps = epochs * -(-len(texts) // BATCH)
        schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, total_iters=steps)
        self.model.train()
        for _ in range(epochs):
            order = rng.permutation(len(texts))
            for start in range(0, len(texts), BATCH):
                rows = order[start : start + BATCH]
                logits = self.model(**self._encode([texts[int(row)] for row in rows])).logits
                loss = torch.nn.functional.cross_entropy(
                    logits, torch.tensor(classes_N[rows]), weight=weights_K.to(logits.dtype)
                )
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                schedule.step()

    def save(self, folder: Path) -> None:
        self.model.save_pretrained(folder, safe_serialization=True)
        self.tokenizer.save_pretrained(folder)

    def _encode(self, texts: Sequence[str]) -> Any:
        return self.tokenizer(
            list(texts), padding=True, truncation=True, max_length=LONGEST, return_tensors="pt"
        )
