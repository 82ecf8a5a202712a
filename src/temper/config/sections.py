"""The sections of the settings: what decides a stage, with its default and its meaning."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    Field,
    JsonValue,
    NonNegativeInt,
    PositiveInt,
    model_validator,
)

from temper.config.section import FREE as FREE
from temper.config.section import Section as Section
from temper.config.training import SearchRLConfig

SCHEMES = ("http://", "https://")
Operator = Literal["+", "-", "*"]
Dtype = Literal["float32", "bfloat16", "float16", "auto"]
AttackerName = Literal[
    "pirs", "archive", "policy", "none", "random", "handwritten", "inversion", "bestofn"
]
OperatorName = Literal["inversion", "rewrite", "splice", "fill_in"]


def folder_name(text: str) -> str:
    """A model's name without what would be another folder, or awkward to type."""
    return re.sub(r"[^A-Za-z0-9._]+", "-", text).strip("-.") or "endpoint"


class RunConfig(Section):
    seed: NonNegativeInt = 0
    """Decides every random choice of the run."""
    max_database_mb: Annotated[float | None, Field(gt=0, json_schema_extra=FREE)] = None
    """Refuse to let the database grow beyond this."""


class HttpConfig(Section):
    """An application that is no OpenAI-compatible server: what to send, where the answer is."""

    template: JsonValue = Field(default_factory=lambda: {"prompt": "{prompt}"})
    """The body. "{prompt}" becomes the last message, "{system}" the system message, a value that is
    just "{messages}" the list of all."""
    response: str = ""
    """Path to the answer, e.g. "choices.0.text"; empty: the whole body is the answer."""
    headers: dict[str, str] = Field(default_factory=dict[str, str])
    """Header to environment variable; the values never stand in a file."""
    repeatable: bool = False
    """Whether a call may be sent again although it may have been carried out already."""


class BudgetConfig(Section):
    """What the whole run may spend, all stages together; a cap that is not given is none."""

    max_queries: PositiveInt | None = Field(default=None, json_schema_extra=FREE)
    """Prompts to the target, counted over all calls on the run."""
    max_tokens: PositiveInt | None = Field(default=None, json_schema_extra=FREE)
    """In and out, of the target and the red model."""
    max_cost: Annotated[float | None, Field(gt=0, json_schema_extra=FREE)] = None
    """In the currency of the prices."""
    max_minutes: Annotated[float | None, Field(gt=0, json_schema_extra=FREE)] = None
    """Of one call on the run."""
    prices: str | None = Field(default=None, json_schema_extra=FREE)
    """A TOML file; None: prices.toml here, else ~/.config/temper/prices.toml."""


class TargetConfig(Section):
    name: str = "abacus-s"
    """A shipped model, a checkpoint folder, the URL of a server (URL#MODEL), or a plug-in."""
    model: str | None = None
    """Which of a server's models; None: its only one."""
    system: str | None = None
    """System prompt before every conversation."""
    key_variable: str | None = Field(default=None, json_schema_extra=FREE)
    """Environment variable that holds the server's key; None: OPENAI_API_KEY where it is set."""
    http: HttpConfig | None = None
    """Given: the URL is an application, not an OpenAI-compatible server."""
    replicas: Annotated[tuple[str, ...], Field(json_schema_extra=FREE)] = ()
    """More URLs of the same server."""
    max_in_flight: PositiveInt = Field(default=64, json_schema_extra=FREE)
    """Most calls at once to each URL; the pace adapts below it."""
    timeout: Annotated[float, Field(gt=0, json_schema_extra=FREE)] = 60.0
    """Seconds for one call."""
    retries: NonNegativeInt = Field(default=4, json_schema_extra=FREE)
    device: str = Field(default="auto", json_schema_extra=FREE)
    """A torch device; "auto" takes the first GPU, else the CPU."""
    dtype: Dtype | None = Field(default=None, json_schema_extra=FREE)
    """None: float32 on any device."""
    threads: PositiveInt | None = Field(default=None, json_schema_extra=FREE)
    """torch threads; None leaves torch's choice."""

    @model_validator(mode="before")
    @classmethod
    def _split_off_the_model(cls, given: Any) -> Any:
        """URL#MODEL names both, for the many verbs that have one option for each model."""
        name = given.get("name") if isinstance(given, dict) else None
        if not isinstance(name, str) or not name.startswith(SCHEMES) or "#" not in name:
            return given
        address, _, model = name.partition("#")
        return {**given, "name": address, "model": given.get("model") or model or None}

    @property
    def is_remote(self) -> bool:
        return self.name.startswith(SCHEMES)

    @property
    def label(self) -> str:
        """What a folder is named after."""
        if not self.is_remote:
            return Path(self.name).name
        return folder_name(self.model or urlsplit(self.name).netloc.rpartition("@")[2])


class ProblemsConfig(Section):
    """The arithmetic concern: which problems are asked, and how."""

    operators: Annotated[tuple[Operator, ...], Field(min_length=1)] = ("+",)
    digits: Annotated[tuple[Annotated[int, Field(ge=1, le=3)], ...], Field(min_length=1)] = (1, 2)
    """Problem sizes, in equal shares."""
    frame: Literal["auto", "bare", "qa", "chat"] = "auto"
    """"auto": chat where the target has a chat template, else qa."""


class AttackConfig(Section):
    """The search for attacks: the same budget, problems and threshold for every attacker."""

    attackers: Annotated[tuple[AttackerName, ...], Field(json_schema_extra=FREE)] = (
        "pirs",
        "inversion",
        "handwritten",
        "random",
        "none",
    )
    aim: Literal["targeted", "untargeted"] = "targeted"
    """Steer to the chosen wrong answer, or to any."""
    scope: Literal["any", "one"] = "any"
    """Search for attacks that work on any problem, or for each search problem apart."""
    max_queries: Annotated[PositiveInt, Field(json_schema_extra=FREE)] = 4_000
    """Prompts to the target for each attacker's search."""
    problems: Annotated[int, Field(ge=2)] = 16
    """Search problems that every candidate is scored on."""
    scoring: Literal["auto", "margin", "success"] = "auto"
    """By the margin of log-probabilities, or by sampled answers; "auto": margin where it can."""
    threshold: float = 1.0
    """Accept a candidate whose mean log p(wrong) - log p(right) is above this, in nats."""
    samples: PositiveInt = 4
    """Answers drawn a problem where success is scored; each costs a query."""
    success_threshold: Annotated[float, Field(ge=0, lt=1)] = 0.5
    """Accept a candidate whose share of sampled failures is above this, where that is scored."""
    screen: NonNegativeInt = 0
    """Ask about so many problems first, and about all only where those favour the failure."""
    max_perplexity: Annotated[float, Field(gt=1)] | None = None
    """Refuse texts of a higher perplexity a token, as the red model reads them."""
    operators: Annotated[tuple[OperatorName, ...], Field(min_length=1)] = ("inversion",)
    """What pirs asks the red model for, in equal shares, once something was found."""
    proposals: PositiveInt = 48
    """Texts drawn from the red model in a round."""
    exemplars: Annotated[int, Field(ge=0, le=8)] = 3
    """Survivors shown to the red model, from distinct clusters."""
    fresh_share: Annotated[float, Field(ge=0, le=1)] = 0.25
    """Proposals of a round drawn without exemplars, so that the search stays open."""
    temperature: Annotated[float, Field(gt=0)] = 1.0
    """Of the red model."""
    max_tokens: PositiveInt = 60
    """Longest proposal, in the red model's tokens."""
    max_characters: PositiveInt = 300
    training: SearchRLConfig = SearchRLConfig()
    """Of the attacker `policy`; steps, length, temperature and decay follow the search."""
    near_duplicate: Annotated[float, Field(gt=0, le=1)] = 0.9
    """Edit similarity to an earlier candidate from which on a proposal is refused unasked."""


class MeasureConfig(Section):
    """The final measurement, on problems that the search never saw."""

    problems: Annotated[int, Field(ge=2)] = 40
    """Unseen problems; every attack meets the same ones."""
    max_attacks: Annotated[PositiveInt, Field(json_schema_extra=FREE)] = 100
    """Accepted attacks measured; from more, this many are drawn at random."""
    proposed: Annotated[NonNegativeInt, Field(json_schema_extra=FREE)] = 25
    """Attacks drawn at random from all that an attacker proposed: what selection adds."""
    clean_problems: PositiveInt = 200
    """Unattacked problems per size (all 100 where there are fewer)."""
    max_tokens: PositiveInt = 24
    until_width: Annotated[float, Field(gt=0, lt=1)] | None = None
    """Measure an attacker's accepted attacks in random order, and stop as soon as the range of
    their greedy rate is narrower than this; the range then holds at every look."""
    hit_at: PositiveInt = 8
    """k of hit@k."""


class ReportConfig(Section):
    title: str = "Arithmetic attacks"
    examples: NonNegativeInt = 8
    """Attempts shown in full."""


class ReplayConfig(Section):
    """Which attacks are put to other targets, and on how many problems."""

    runs: Annotated[tuple[str, ...], Field(min_length=1, json_schema_extra=FREE)]
    """Run folders, or names under runs/."""
    max_attacks: PositiveInt = 100
    """Accepted attacks of a run; from more, this many are drawn at random."""
    problems: Annotated[int, Field(ge=2)] = 40
    """Unseen problems; every attack meets the same ones."""
    max_tokens: PositiveInt = 24


class ReplayRun(Section):
    """Everything that decides a run of `temper replay`."""

    run: RunConfig = RunConfig()
    budget: BudgetConfig = BudgetConfig()
    problems: ProblemsConfig = ProblemsConfig()
    replay: ReplayConfig
    targets: Annotated[tuple[TargetConfig, ...], Field(min_length=1)]


class Config(Section):
    """Everything that decides a run of `temper attack arithmetic`."""

    run: RunConfig = RunConfig()
    target: TargetConfig = TargetConfig()
    red: TargetConfig | None = None
    """The model that writes attacks; None: the target itself."""
    budget: BudgetConfig = BudgetConfig()
    problems: ProblemsConfig = ProblemsConfig()
    attack: AttackConfig = AttackConfig()
    measure: MeasureConfig = MeasureConfig()
    report: ReportConfig = ReportConfig()


class CampaignConfig(Section):
    """A grid of arithmetic runs: every target with every seed, then attacks on all targets."""

    targets: Annotated[tuple[str, ...], Field(min_length=1)]
    """Shipped models or checkpoint folders."""
    seeds: Annotated[tuple[NonNegativeInt, ...], Field(min_length=1)] = (0, 1, 2)
    transfer: bool = True
    """Put the accepted attacks of every run to every target."""
    transfer_attacks: PositiveInt = 50
    """Of each run; from more, this many are drawn at random."""


class ArithmeticCampaign(Config):
    """Everything that decides a campaign: the grid, and what its runs share."""

    campaign: CampaignConfig

    def single(self, target: str, seed: int) -> Config:
        """The settings of one run of the grid."""
        return Config(
            run=self.run.model_copy(update={"seed": seed}),
            target=self.target.model_copy(update={"name": target}),
            **{
                key: getattr(self, key)
                for key in Config.model_fields
                if key not in ("run", "target")
            },
        )
