"""The two architectures of the shipped models, with fresh weights."""

from typing import Any


def new_model(recipe: dict[str, Any], tokenizer: Any) -> Any:
    """A causal model as the recipe says: `llama`, or `neox` (parallel blocks, plain MLP)."""
    from transformers import (
        GPTNeoXConfig,
        GPTNeoXForCausalLM,
        LlamaConfig,
        LlamaForCausalLM,
    )

    sizes = dict(recipe["architecture"])
    kinds: dict[str, tuple[Any, Any]] = {
        "llama": (LlamaConfig, LlamaForCausalLM),
        "neox": (GPTNeoXConfig, GPTNeoXForCausalLM),
    }
    config_class, model_class = kinds[sizes.pop("kind")]
    config = config_class(
        vocab_size=len(tokenizer),
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        tie_word_embeddings=True,
        **sizes,
    )
    return model_class(config)
