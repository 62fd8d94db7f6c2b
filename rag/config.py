"""Settings: one frozen value that a program makes itself or reads once from the environment.

Each field says what it may be; the environment variable's name, its conversion and the check follow from the field:

    >>> Settings.from_environment({"PAGESIGHT_LLM_PICTURES": "4"}).llm_pictures
    4
    >>> Settings.from_environment({"PAGESIGHT_BATCH": "0"})
    BadSettings: PAGESIGHT_BATCH is 0; it must be above 0, at most 1,000,000

Secrets come from the environment only and are never printed (``repr`` hides them).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar, cast

from rag.errors import BadSettings

QUIET_ENVIRONMENT = {
    "ANONYMIZED_TELEMETRY": "False",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "TOKENIZERS_PARALLELISM": "false",
}
"""Telemetry of every library off; set before any of them is imported."""

PREFIX = "PAGESIGHT_"
DAY = 86_400  # seconds: nobody waits longer for one thing
Number = TypeVar("Number", int, float)


class Limit(Protocol):
    """What a setting may be."""

    def broken_by(self, value: object) -> str:
        """What the value must be instead; empty where it is right."""
        ...


class Range(NamedTuple):
    """Numbers from 0, or above it, up to ``most``: beyond that somebody mistook the unit."""

    most: float
    zero: bool

    def broken_by(self, value: object) -> str:
        number = cast(float, value)
        enough = number >= 0 if self.zero else number > 0
        if enough and number <= self.most:  # nan is neither
            return ""
        return f"it must be {'0 or more' if self.zero else 'above 0'}, at most {self.most:,}"


class OneOf(NamedTuple):
    """Some words and no other."""

    words: tuple[str, ...]

    def broken_by(self, value: object) -> str:
        if value in self.words:
            return ""
        return f"it can be {', '.join(self.words[:-1])} or {self.words[-1]}"


def above_zero(default: Number, most: float) -> Number:
    """A field for a number above 0, at most ``most``."""
    return field(default=default, metadata={"limit": Range(most, zero=False)})


def zero_or_more(default: Number, most: float) -> Number:
    """A field for a number that may be 0, at most ``most``."""
    return field(default=default, metadata={"limit": Range(most, zero=True)})


def one_of(*words: str) -> str:
    """A field for one of these words, by default the first."""
    return field(default=words[0], metadata={"limit": OneOf(words)})


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a user can set. ``llm_model`` is read from ``PAGESIGHT_LLM_MODEL``, and so on."""

    # the index and its encoders
    index: Path = Path(".pagesight")  # folder of the index
    encoder: str = "auto"  # picture part; auto, builtin, a hub name or a folder
    words: str = "auto"  # words part; auto, static, off, a hub name or a folder
    device: str = "cpu"  # cpu, cuda, mps
    threads: int = zero_or_more(0, most=10_000)  # of the encoder; 0 leaves the library's own choice
    batch: int = above_zero(32, most=1_000_000)  # texts or pictures encoded at once
    store: str = one_of("float32", "float16", "int8")  # how vector files are written
    api_rate: float = zero_or_more(0.0, most=1_000_000)  # most requests per minute to a hosted encoder; 0: no limit
    precision: str = one_of("float32", "bfloat16", "float16", "int8")  # of encoder weights
    query_prefix: str = ""  # what the words encoder wants before a question
    passage_prefix: str = ""  # and before a passage
    words_dim: int = zero_or_more(0, most=1_000_000)  # first numbers kept of the words part; 0: all
    picture_dim: int = zero_or_more(0, most=1_000_000)  # of the picture part
    rerank: str = "off"  # off, llm, or a cross-encoder by hub name or folder
    rerank_seconds: float = above_zero(3.0, most=DAY)  # after which the order of the search is kept

    # reading documents
    workers: int = zero_or_more(0, most=1_000)  # parsing processes; 0: one per core, at most 4
    ocr: str = one_of("auto", "off", "always")  # what is read by OCR
    ocr_language: str = "auto"  # what scans are written in; auto, ko, ru, ar …
    ocr_models: str = ""  # folder with the recognition model of such a language
    page_seconds: float = above_zero(60.0, most=DAY)  # limit for parsing one page
    memory_gb: float = above_zero(6.0, most=1_000_000)  # limit of one parsing process, GB
    max_pages: int = above_zero(5000, most=10_000_000)  # of one document
    max_paths: int = above_zero(20_000, most=1_000_000_000)  # drawn on a page; of more only text and picture are kept
    max_pixels: int = above_zero(16_000_000, most=10_000_000_000)  # of a page's picture; larger pages get a coarser one

    # the model that answers
    llm_model: str = ""  # name of the vision model; empty: answers are quoted, no model is asked
    llm_base_url: str = "https://api.openai.com/v1"  # of an OpenAI-compatible server
    llm_api_key: str = field(default="", repr=False)  # without it OPENAI_API_KEY is taken
    llm_timeout: float = above_zero(60.0, most=DAY)  # seconds without a byte; a whole reply may take 15 times that
    llm_pictures: int = zero_or_more(6, most=10_000)  # most pictures sent with one question
    llm_tokens: int = above_zero(6000, most=100_000_000)  # most tokens of evidence text sent with one question

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None, **overrides: object) -> Settings:
        """Read ``PAGESIGHT_*``; ``overrides`` that are not None win. Raises :class:`BadSettings`, naming it."""
        env = os.environ if environ is None else environ
        given = {one.name: env.get(variable(one.name), "").strip() for one in fields(cls)}
        values: dict[str, object] = {one.name: _read(one, given[one.name]) for one in fields(cls) if given[one.name]}
        if "llm_api_key" not in values and env.get("OPENAI_API_KEY"):
            values["llm_api_key"] = env["OPENAI_API_KEY"]
        values.update({k: v for k, v in overrides.items() if v is not None})
        settings = cls(**values)  # type: ignore[arg-type]
        settings.check()
        return settings

    def check(self) -> None:
        """Raise :class:`BadSettings` for a value outside what its field may be."""
        for one in fields(self):
            limit: Limit | None = one.metadata.get("limit")
            value = getattr(self, one.name)
            if limit is not None and (wrong := limit.broken_by(value)):
                raise BadSettings(f"{variable(one.name)} is {value!r}; {wrong}")
        if self.llm_model and not self.llm_base_url.startswith(("http://", "https://")):
            raise BadSettings(
                f"PAGESIGHT_LLM_BASE_URL is {self.llm_base_url!r}; it must start with http:// or https://"
            )


def variable(name: str) -> str:
    """The environment variable of a field."""
    return f"{PREFIX}{name.upper()}"


def quiet(environ: dict[str, str] | os._Environ[str] = os.environ) -> None:
    """Switch off the telemetry of every library, unless the user has set the variable otherwise."""
    for name, value in QUIET_ENVIRONMENT.items():
        environ.setdefault(name, value)


def _read(one: Field[object], raw: str) -> object:
    """A variable's text as the type of its field's default. Raises :class:`BadSettings` for what is no number."""
    default = one.default
    try:
        if isinstance(default, Path):
            return Path(raw).expanduser()
        if isinstance(default, int | float):
            return type(default)(raw)
    except ValueError as exc:
        kind = "a whole number" if isinstance(default, int) else "a number"
        raise BadSettings(f"{variable(one.name)} is {raw!r}; it must be {kind}, like {default}") from exc
    return raw
