"""The learning rate over the stages of a recipe."""

import pytest

from temper.organisms.build import load_recipe, recipe_names
from temper.organisms.schedule import learning_rates


def test_stages_share_one_warm_up_and_one_cosine_but_for_those_with_a_rate():
    stages = [{"steps": 10}, {"steps": 10}, {"steps": 3, "rate": [0.4, 0.2]}]
    rates = learning_rates({"warmup": 5, "stages": stages})
    assert rates[:5] == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0])
    assert rates[5:20] == sorted(rates[5:20], reverse=True)
    assert rates[20:] == pytest.approx([0.4, 0.3, 0.2])


@pytest.mark.parametrize("name", recipe_names())
def test_every_recipe_has_a_rate_for_every_step(name: str):
    training = load_recipe(name)["training"]
    rates = learning_rates(training)
    assert len(rates) == sum(stage["steps"] for stage in training["stages"])
    assert all(0 < rate <= 1 for rate in rates)
