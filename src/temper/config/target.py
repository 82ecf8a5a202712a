"""The section of a model: where it is, and how it is called."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, JsonValue, NonNegativeInt, PositiveInt, model_validator

from temper.config.section import FREE, Section

SCHEMES = ("http://", "https://")
Dtype = Literal["float32", "bfloat16", "float16", "auto"]


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


def folder_name(text: str) -> str:
    """A model's name without what would be another folder, or awkward to type."""
    return re.sub(r"[^A-Za-z0-9._]+", "-", text).strip("-.") or "endpoint"
