"""Train the shipped models' tokenizers: byte-level BPE in which every digit stands alone."""

from itertools import islice
from typing import TYPE_CHECKING, Any

from temper.organisms.corpora import documents
from temper.organisms.corpus.dialects import DIALECTS

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast


def train_tokenizer(recipe: dict[str, Any]) -> "PreTrainedTokenizerFast":
    """Fit the recipe's vocabulary on its documents; raw text gets a leading <|bos|>."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    dialect = DIALECTS[recipe["dialect"]]
    texts = (
        "".join(dialect.render(part.text) for part in document.parts)
        for document in islice(documents(recipe, "tokenizer"), recipe["tokenizer_documents"])
    )
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=recipe["vocabulary"],
        special_tokens=list(dialect.special_tokens),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    bos = tokenizer.token_to_id("<|bos|>")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<|bos|> $A", special_tokens=[("<|bos|>", bos)]
    )
    wrapped = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<|bos|>", eos_token=dialect.end, pad_token="<|pad|>"
    )
    wrapped.chat_template = dialect.chat_template
    wrapped.model_max_length = recipe["architecture"]["max_position_embeddings"]
    return wrapped
