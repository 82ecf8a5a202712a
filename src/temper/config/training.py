"""How a policy is trained by reinforcement learning, attacker or defender."""

from typing import Annotated, Literal, Self

from pydantic import Field, NonNegativeInt, PositiveInt, model_validator

from temper.config.section import FREE, Section


class RLConfig(Section):
    """One training: every step draws a batch of completions, rewards it as a whole and updates."""

    algorithm: Literal["grpo", "rloo"] = "grpo"
    steps: PositiveInt = 90
    batch: Annotated[int, Field(ge=2)] = 128
    """Completions of a step, over all processes."""
    group: Annotated[int, Field(ge=2)] | None = None
    """Completions of one prompt, against whose mean each is held; None: the whole batch where there
    is one prompt, else 16."""
    rows: PositiveInt | None = Field(default=None, json_schema_extra=FREE)
    """Completions in memory at once, per process; None: its whole share of the batch."""
    learning_rate: Annotated[float, Field(gt=0)] = 3e-4
    decay: Literal["linear", "cosine", "constant"] = "linear"
    """Of the learning rate, down to 0 at the last step."""
    warmup: NonNegativeInt = 0
    """Steps in which the learning rate rises to its value."""
    kl: Annotated[float, Field(ge=0)] = 0.0
    """Weight of the divergence from the start; 0 also saves the forward pass for it."""
    keep: Annotated[float, Field(ge=0)] = 0.0
    """Weight of the likelihood of right answers to rows without attack, where the training has
    such: hardening by RL on sums."""
    keep_rows: PositiveInt = 32
    """Of these rows, in every update."""
    scale_rewards: Literal["group", "batch", "none"] = "group"
    """What advantages are divided by the standard deviation of."""
    loss: Literal["dr_grpo", "dapo", "grpo", "bnpo"] = "dr_grpo"
    """Of GRPO: how tokens are averaged; dr_grpo favours no length."""
    temperature: Annotated[float, Field(gt=0)] = 1.0
    max_tokens: PositiveInt = 24
    max_grad_norm: Annotated[float, Field(gt=0)] = 1.0
    lora_rank: PositiveInt | None = None
    """Train low-rank adapters of this rank instead of all weights: for large models."""
    bf16: bool = False
    """Compute in bf16; off, results can be repeated."""
    save_every: PositiveInt = 15
    """Steps between checkpoints; a stopped training goes on from the last one."""
    device: Literal["auto", "cpu"] = Field(default="auto", json_schema_extra=FREE)

    @model_validator(mode="after")
    def _fill_batches_with_groups(self) -> Self:
        if self.group is not None and self.batch % self.group:
            raise ValueError(f"batch ({self.batch}) must be a multiple of group ({self.group})")
        return self

    def group_of(self, prompts: int) -> int:
        """Completions of one prompt, where there are so many prompts."""
        if self.group is not None:
            return self.group
        return self.batch if prompts == 1 else min(16, self.batch)


class OpeningRLConfig(RLConfig):
    """The same with what suits an attacker that writes short openings."""

    learning_rate: Annotated[float, Field(gt=0)] = 1e-3
    kl: Annotated[float, Field(ge=0)] = 0.12
    max_tokens: PositiveInt = 6


class SearchRLConfig(RLConfig):
    """The same for attacks on sums, whose search has a budget and few completions."""

    batch: Annotated[int, Field(ge=2)] = 32
    learning_rate: Annotated[float, Field(gt=0)] = 5e-4
    kl: Annotated[float, Field(ge=0)] = 0.05


class DefenderRLConfig(RLConfig):
    """The same with what suits a defender whose answers are short."""

    steps: PositiveInt = 60
    group: Annotated[int, Field(ge=2)] | None = 16
    kl: Annotated[float, Field(ge=0)] = 0.02
    keep: Annotated[float, Field(ge=0)] = 1.0
    temperature: Annotated[float, Field(gt=0)] = 1.3
    max_tokens: PositiveInt = 8
    save_every: PositiveInt = 30


class TalkingRLConfig(DefenderRLConfig):
    """The same with what suits a defender that talks."""

    kl: Annotated[float, Field(ge=0)] = 0.1
    keep: Annotated[float, Field(ge=0)] = 0.2
    temperature: Annotated[float, Field(gt=0)] = 1.0
    max_tokens: PositiveInt = 40
