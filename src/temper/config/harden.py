"""Settings of hardening by training: which data, which trainings, what is held out."""

from typing import Annotated, Literal

from pydantic import Field, NonNegativeInt, PositiveInt

from temper.config.ladder import LadderConfig
from temper.config.sections import (
    FREE,
    AttackConfig,
    AttackerName,
    BudgetConfig,
    MeasureConfig,
    ProblemsConfig,
    RunConfig,
    Section,
    TargetConfig,
)
from temper.config.training import DefenderRLConfig, TalkingRLConfig

Method = Literal["sft", "preference", "rl", "rl_ai"]
DataKind = Literal["found", "plain", "handwritten", "random", "opinions"]


class TuneConfig(Section):
    """Training on given answers, or on pairs of a better and a worse one."""

    steps: PositiveInt = 80
    batch: PositiveInt = 32
    """Rows of an update."""
    learning_rate: Annotated[float, Field(gt=0)] = 5e-4
    decay: Literal["linear", "cosine", "constant"] = "linear"
    """Of the learning rate, down to 0 at the last step."""
    warmup: NonNegativeInt = 10
    max_grad_norm: Annotated[float, Field(gt=0)] = 1.0
    beta: Annotated[float, Field(gt=0)] = 0.1
    """Of preferences (DPO): how dear it is to leave the start."""
    likelihood: Annotated[float, Field(ge=0)] = 1.0
    """Of preferences: weight of the better answer's likelihood beside them (Pang et al. 2024). By
    difference alone both answers may become unlikely, and text breaks."""
    lora_rank: PositiveInt | None = None
    """Train low-rank adapters of this rank instead of all weights: for large models."""
    bf16: bool = False
    save_every: PositiveInt = 20
    """Steps between checkpoints; a stopped training goes on from the last one."""
    device: Literal["auto", "cpu"] = Field(default="auto", json_schema_extra=FREE)


class PreferenceConfig(TuneConfig):
    """The same with what suits pairs."""

    learning_rate: Annotated[float, Field(gt=0)] = 2e-4


class HardenConfig(Section):
    """From a run's findings to a hardened checkpoint, measured before and after."""

    methods: Annotated[tuple[Method, ...], Field(min_length=1)] = ("sft",)
    """Trainings one after the other, each on what the one before left."""
    data: DataKind = "found"
    """What attacks the training texts are: the run's findings; bare false equations; those written
    by hand; random words; or people's opinions (Wei et al. 2023, no attack among them)."""
    attacks: PositiveInt = 120
    """Most attacks trained on, after cleaning."""
    rows: PositiveInt = 1_500
    """Attacked rows, each an attack on another problem."""
    benign: Annotated[float, Field(ge=0, lt=1)] = 0.5
    """Share of all rows that hold no attack: sums in many words, copying, look-ups, true claims."""
    held_families: NonNegativeInt = 2
    """Whole families of the run's attacks that are never trained on."""
    held_share: Annotated[float, Field(ge=0, lt=1)] = 0.25
    """Of the findings of the other families: never trained on either."""
    rounds: PositiveInt = 1
    """Attack and harden so often: each later round searches afresh against the model as it is, and
    trains on what was found as well; it ends early where a search finds nothing, or as much as the
    one before."""
    sft: TuneConfig = TuneConfig()
    preference: PreferenceConfig = PreferenceConfig()
    rl: DefenderRLConfig = DefenderRLConfig()
    reward: Literal["exact", "measure"] = "exact"
    """Of `rl` on a run from a worry: exact truth, or 1 - P(failure) by the run's measure."""
    noise: Annotated[float, Field(ge=0, lt=1)] = 0.1
    """Of `preference` on such a run: share of wrong labels of the simulated people."""
    grader: TargetConfig | None = None
    """The model that grades answers where `rl_ai` is among the methods; None: the target itself."""
    measured: Annotated[int, Field(ge=2)] = 30
    """Attacks of each kind that are measured."""
    problems: Annotated[int, Field(ge=2)] = 10
    """Unseen problems for each of them."""
    items: Annotated[int, Field(ge=12)] = 300
    """Prompts of each suite."""
    curve_items: NonNegativeInt = 60
    """Prompts of each suite at every checkpoint of a training; 0 draws no curves."""
    queries: NonNegativeInt = 2_000
    """Of each fresh search, against the model before and after; 0: none, and then no verdict."""


class TalkingHardenConfig(HardenConfig):
    """The same with what suits a model that talks."""

    methods: Annotated[tuple[Method, ...], Field(min_length=1)] = ("rl",)
    # sections are frozen, so a narrower kind does no harm
    rl: TalkingRLConfig = TalkingRLConfig()  # pyright: ignore[reportIncompatibleVariableOverride]
    curve_items: NonNegativeInt = 0


class HardenRun(Section):
    """Everything that decides a run of `temper harden`."""

    run: RunConfig = RunConfig()
    source: str
    """The run of `temper attack arithmetic` whose findings are trained on."""
    target: TargetConfig = TargetConfig()
    budget: BudgetConfig = BudgetConfig()
    problems: ProblemsConfig = ProblemsConfig()
    harden: HardenConfig = HardenConfig()


class TalkingHardenRun(HardenRun):
    """The same on a run from a worry."""

    harden: TalkingHardenConfig = (  # pyright: ignore[reportIncompatibleVariableOverride]
        TalkingHardenConfig()
    )


class HardenGrid(Section):
    """Every target with every seed: attack, harden, and the ladder above the hardened model."""

    targets: Annotated[tuple[str, ...], Field(min_length=1)]
    """Shipped models or checkpoint folders."""
    seeds: Annotated[tuple[NonNegativeInt, ...], Field(min_length=1)] = (0, 1, 2)


class HardeningAttackConfig(AttackConfig):
    """The same with one attacker: what is trained on needs no comparison of attackers."""

    attackers: Annotated[tuple[AttackerName, ...], Field(json_schema_extra=FREE)] = ("pirs",)


class HardenCampaign(Section):
    """Everything that decides a file with a section harden."""

    run: RunConfig = RunConfig()
    grid: HardenGrid
    target: TargetConfig = TargetConfig()
    """What the targets have in common, e.g. threads."""
    budget: BudgetConfig = BudgetConfig()
    problems: ProblemsConfig = ProblemsConfig()
    attack: HardeningAttackConfig = HardeningAttackConfig()
    measure: MeasureConfig = MeasureConfig()
    harden: HardenConfig = HardenConfig()
    ladder: LadderConfig | None = None
    """Mitigations without training, above the hardened model; None: no ladder."""
