"""Train the shipped models' tokenizers: byte-level BPE in which every digit stands alone."""

import random
from typing import TYPE_CHECKING

from temper.organisms.corpus.document import CHAT_TEMPLATE, END, SPECIAL_TOKENS
from temper.organisms.corpus.skills import draw_document

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast


def train_tokenizer(vocabulary: int, documents: int, seed: int) -> "PreTrainedTokenizerFast":
    """Fit `vocabulary` tokens on that many documents; raw text gets a leading <|bos|>."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    rng = random.Random(f"tokenizer/{seed}")
    texts = ("".join(part.text for part in draw_document(rng).parts) for _ in range(documents))
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=list(SPECIAL_TOKENS),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    bos = tokenizer.token_to_id("<|bos|>")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<|bos|> $A", special_tokens=[("<|bos|>", bos)]
    )
    wrapped = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<|bos|>", eos_token=END, pad_token="<|pad|>"
    )
    wrapped.chat_template = CHAT_TEMPLATE
    wrapped.model_max_length = 2048
    return wrapped
