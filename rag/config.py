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
from dataclasses import dataclass, field
from pathlib import Path

from threadpoolctl import threadpool_limits

from ingestion.settings import (
    DAY,
    ReadingSettings,
    SettingError,
    above_zero,
    check_limits,
    given_values,
    one_of,
    zero_or_more,
)
from rag.errors import BadSettings

QUIET_ENVIRONMENT = {
    "ANONYMIZED_TELEMETRY": "False",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "ORT_DISABLE_TELEMETRY": "1",
    "TOKENIZERS_PARALLELISM": "false",
}
"""Telemetry of every library off; set before any of them is imported."""
ONE_THREAD = "OPENBLAS_NUM_THREADS"
"""Of NumPy's linear algebra. The products of a question are small: on two cores its threads wait for each other by
spinning, which costs a third of the question's processor time, and beside other work two thirds of its p95."""


@dataclass(frozen=True, slots=True)
class Settings(ReadingSettings):
    """Everything a user can set. ``llm_model`` is read from ``PAGESIGHT_LLM_MODEL``, and so on."""

    # the index and its encoders
    index: Path = Path(".pagesight")  # folder of the index
    encoder: str = "auto"  # picture part; auto, builtin, a hub name or a folder
    words: str = "auto"  # words part; auto, e5+minilm, e5, minilm, static, off, a hub name or a folder
    device: str = "cpu"  # cpu, cuda, mps
    threads: int = zero_or_more(0, most=10_000)  # of the encoder; 0 leaves the library's own choice
    batch: int = above_zero(32, most=1_000_000)  # texts or pictures encoded at once
    store: str = one_of("float32", "float16", "int8")  # how vector files are written
    graph: str = one_of("auto", "chroma", "off")  # the Chroma collection: auto: of all but large libraries
    store_url: str = field(default="", repr=False)  # PostgreSQL that holds the catalogue; empty: SQLite in the folder
    files: str = ""  # folder or object store for the documents' files and vectors; empty: in the index folder
    files_cache: float = above_zero(20.0, most=1_000_000)  # gigabytes of them kept in the index folder
    vectors: str = field(default="", repr=False)  # address of a vector database elsewhere; empty: searched here
    queue: str = field(default="", repr=False)  # address of a queue in PostgreSQL; empty: there is none
    api_rate: float = zero_or_more(0.0, most=1_000_000)  # most requests per minute to a hosted encoder; 0: no limit
    precision: str = one_of("float32", "bfloat16", "float16", "int8")  # of encoder weights
    query_prefix: str = ""  # what the words encoder wants before a question
    passage_prefix: str = ""  # and before a passage
    words_dim: int = zero_or_more(0, most=1_000_000)  # first numbers kept of the words part; 0: all
    picture_dim: int = zero_or_more(0, most=1_000_000)  # of the picture part
    rerank: str = "off"  # off, llm, or a cross-encoder by hub name or folder
    language: str = one_of("auto", "en", "de", "fr", "es", "zh")  # of the page; auto: as each browser wants
    trash_days: int = zero_or_more(30, most=36_500)  # that removed documents are kept; 0: deleted at once
    watch: str = ""  # folders that the app follows, separated as in PATH; empty: none
    rerank_seconds: float = above_zero(3.0, most=DAY)  # after which the order of the search is kept
    compare: float = zero_or_more(0.0, most=1)  # share of the questions that is asked of another kept generation too
    log: str = one_of("plain", "json")  # of the program's log: plain: warnings in words; json: a line for every event
    log_content: str = one_of("off", "on")  # on: lines of questions hold their words and those of the answer

    # reading documents, beside the settings that are inherited
    workers: int = zero_or_more(0, most=1_000)  # parsing processes; 0: one per core, at most 4

    # the model that answers
    llm_model: str = ""  # name of the vision model; empty: answers are quoted, no model is asked
    llm_base_url: str = "https://api.openai.com/v1"  # of an OpenAI-compatible server
    llm_api_key: str = field(default="", repr=False)  # without it OPENAI_API_KEY is taken
    llm_timeout: float = above_zero(60.0, most=DAY)  # seconds without a byte; a whole reply may take 15 times that
    llm_pictures: int = zero_or_more(6, most=10_000)  # most pictures sent with one question
    llm_tokens: int = above_zero(6000, most=100_000_000)  # most tokens of evidence text sent with one question
    llm_window: int = zero_or_more(0, most=100_000_000)  # tokens the model reads and writes at once; 0: ask the server
    llm_thinking: str = one_of("off", "on")  # off: switched off where the server can; on: as the server does it

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None, **overrides: object) -> Settings:
        """Read ``PAGESIGHT_*``; ``overrides`` that are not None win. Raises :class:`BadSettings`, naming it."""
        env = os.environ if environ is None else environ
        try:
            values = given_values(cls, env)
        except SettingError as exc:
            raise BadSettings(str(exc)) from exc
        if "llm_api_key" not in values and env.get("OPENAI_API_KEY"):
            values["llm_api_key"] = env["OPENAI_API_KEY"]
        values.update({k: v for k, v in overrides.items() if v is not None})
        settings = cls(**values)
        settings.check()
        return settings

    def check(self) -> None:
        """Raise :class:`BadSettings` for a value outside what its field may be."""
        try:
            check_limits(self)
        except SettingError as exc:
            raise BadSettings(str(exc)) from exc
        if self.llm_model and not self.llm_base_url.startswith(("http://", "https://")):
            raise BadSettings(
                f"PAGESIGHT_LLM_BASE_URL is {self.llm_base_url!r}; it must start with http:// or https://"
            )


def quiet(environ: dict[str, str] | os._Environ[str] = os.environ) -> None:
    """Switch off the telemetry of every library, and have NumPy multiply matrices in one thread, unless the user has
    set the variable otherwise."""
    for name, value in QUIET_ENVIRONMENT.items():
        environ.setdefault(name, value)
    if ONE_THREAD not in environ:
        environ[ONE_THREAD] = "1"
        threadpool_limits(1, user_api="blas")  # where NumPy was imported before, it does not look again
