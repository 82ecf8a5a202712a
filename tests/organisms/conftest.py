"""A recipe so small that a test can train it."""

from typing import Any

import pytest

from temper.organisms.build import load_recipe

SMALL = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2}


@pytest.fixture
def tiny_recipe() -> dict[str, Any]:
    recipe = load_recipe("abacus-s")
    recipe["vocabulary"], recipe["tokenizer_documents"] = 500, 200
    recipe["architecture"] |= SMALL
    recipe["training"]["stages"] = [
        {"shares": "middle", "steps": 4, "rows": 4, "row_tokens": 96},
        {"shares": "last", "steps": 2, "rows": 4, "row_tokens": 96, "copies": 40},
    ]
    return recipe
