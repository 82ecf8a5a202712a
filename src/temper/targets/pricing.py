"""What models cost, and with that the budget of a run."""

from collections.abc import Collection, Mapping, Sequence

from temper.budget import QUERIED, Budget, Price
from temper.config import BudgetConfig, TargetConfig
from temper.config.prices import ModelPrice, load_prices
from temper.protocols import Target

FREE_KINDS = ("huggingface", "scripted")
"""What runs on this machine; a function or a plug-in may call whatever costs money."""


def budget_for(
    caps: BudgetConfig,
    models: Mapping[str, tuple[Target, TargetConfig]],
    queried: Collection[str] = QUERIED,
) -> Budget:
    """The caps, with the price of each role's model; a checkpoint that runs here costs nothing.

    Raises:
        ConfigError: money is capped and a model has no price, or the prices cannot be read.
    """
    return Budget(caps, prices_of(caps, models), queried)


def budget_for_many(caps: BudgetConfig, models: Sequence[tuple[Target, TargetConfig]]) -> Budget:
    """One budget for several targets, at the dearest one's price: a cap is then never overrun.

    Raises:
        ConfigError: as for `budget_for`.
    """
    listed = load_prices(caps.prices)
    prices = [_price(*model, listed) for model in models]
    known = [price for price in prices if price is not None]
    dearest = Price(max(p.input for p in known), max(p.output for p in known)) if known else None
    price = dearest if len(known) == len(prices) else None
    return Budget(caps, {"target": price})


def prices_of(
    caps: BudgetConfig, models: Mapping[str, tuple[Target, TargetConfig]]
) -> dict[str, Price | None]:
    """The price of each role's model; None is not known.

    Raises:
        ConfigError: the prices cannot be read.
    """
    listed = load_prices(caps.prices)
    return {role: _price(*model, listed) for role, model in models.items()}


def _price(
    target: Target, settings: TargetConfig, listed: Mapping[str, ModelPrice]
) -> Price | None:
    if not settings.is_remote and target.capabilities.kind in FREE_KINDS:
        return Price(0.0, 0.0)
    price = listed.get(target.capabilities.name)
    return price and Price(price.input, price.output)
