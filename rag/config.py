"""Settings: one frozen value, read once from the environment.

Enters: a mapping of environment variables. Leaves: :class:`Settings`. Must not know: what the settings are used for.
Secrets come from the environment only and are never printed (``repr`` hides them).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rag.errors import BadSettings

QUIET_ENVIRONMENT = {
    "ANONYMIZED_TELEMETRY": "False",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "TOKENIZERS_PARALLELISM": "false",
}
"""Telemetry of every library off; set before any of them is imported."""

_DAY = 86_400  # seconds: nobody waits longer for one thing
ABOVE_ZERO = {
    "page_seconds": _DAY, "rerank_seconds": _DAY, "llm_timeout": _DAY, "memory_gb": 1_000_000, "batch": 1_000_000,
    "max_pages": 10_000_000, "max_paths": 1_000_000_000, "max_pixels": 10_000_000_000, "llm_tokens": 100_000_000,
}  # fmt: skip
"""Settings that are above 0, with the most they can be: beyond it somebody mistook the unit."""
ZERO_OR_MORE = {
    "threads": 10_000, "workers": 1_000, "llm_pictures": 10_000, "words_dim": 1_000_000, "picture_dim": 1_000_000,
    "api_rate": 1_000_000,
}  # fmt: skip
"""The same of settings that can be 0."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a user can set. Field comments name the environment variable and the unit."""

    index: Path = Path(".pagesight")  # PAGESIGHT_INDEX: folder of the index
    encoder: str = "auto"  # PAGESIGHT_ENCODER: picture part; auto, builtin, a hub name or a folder
    words: str = "auto"  # PAGESIGHT_WORDS: words part; auto, static, off, a hub name or a folder
    device: str = "cpu"  # PAGESIGHT_DEVICE: cpu, cuda, mps
    threads: int = 0  # PAGESIGHT_THREADS: of the encoder; 0 leaves the library's own choice
    batch: int = 32  # PAGESIGHT_BATCH: texts or pictures encoded at once
    store: str = "float32"  # PAGESIGHT_STORE: how kept vectors are written; float32, float16, int8
    api_rate: float = 0.0  # PAGESIGHT_API_RATE: most requests a minute to a hosted encoder; 0: no limit
    precision: str = "float32"  # PAGESIGHT_PRECISION: of encoder weights; float32, bfloat16, float16, int8
    query_prefix: str = ""  # PAGESIGHT_QUERY_PREFIX: what the words encoder wants before a question
    passage_prefix: str = ""  # PAGESIGHT_PASSAGE_PREFIX: and before a passage
    words_dim: int = 0  # PAGESIGHT_WORDS_DIM: first numbers kept of the words part; 0: all
    picture_dim: int = 0  # PAGESIGHT_PICTURE_DIM: of the picture part
    rerank: str = "off"  # PAGESIGHT_RERANK: off, llm, or a cross-encoder by hub name or folder
    rerank_seconds: float = 3.0  # PAGESIGHT_RERANK_SECONDS: after which the order of the search is kept
    workers: int = 0  # PAGESIGHT_WORKERS: parsing processes; 0: one a core, at most 4
    ocr: str = "auto"  # PAGESIGHT_OCR: auto, off, always
    ocr_language: str = "auto"  # PAGESIGHT_OCR_LANGUAGE: what scans are written in; auto, ko, ru, ar …
    ocr_models: str = ""  # PAGESIGHT_OCR_MODELS: folder with the recognition model of such a language
    page_seconds: float = 60.0  # PAGESIGHT_PAGE_SECONDS: limit for parsing one page
    memory_gb: float = 6.0  # PAGESIGHT_MEMORY_GB: limit of one parsing process
    max_pages: int = 5000  # PAGESIGHT_MAX_PAGES: of one document
    max_paths: int = 20_000  # PAGESIGHT_MAX_PATHS: drawn on a page; of one with more only text and picture are kept
    max_pixels: int = 16_000_000  # PAGESIGHT_MAX_PIXELS: of a page's picture; a larger page gets a coarser one
    llm_model: str = ""  # PAGESIGHT_LLM_MODEL: name of the vision model; empty: answers are quoted, no model is asked
    llm_base_url: str = "https://api.openai.com/v1"  # PAGESIGHT_LLM_BASE_URL: of an OpenAI-compatible server
    llm_api_key: str = field(default="", repr=False)  # PAGESIGHT_LLM_API_KEY, else OPENAI_API_KEY
    llm_timeout: float = 60.0  # PAGESIGHT_LLM_TIMEOUT: seconds without a byte; a whole reply 15 times that
    llm_pictures: int = 6  # PAGESIGHT_LLM_PICTURES: most pictures sent with one question
    llm_tokens: int = 6000  # PAGESIGHT_LLM_TOKENS: most tokens of evidence text sent with one question

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None, **overrides: object) -> Settings:
        """Read ``PAGESIGHT_*``; ``overrides`` that are not None win. Raises :class:`BadSettings`, naming it."""
        env = os.environ if environ is None else environ
        values: dict[str, object] = {}
        for name, default in _defaults().items():
            raw = env.get(f"PAGESIGHT_{name.upper()}", "").strip()
            if raw:
                values[name] = _convert(name, raw, default)
        if "llm_api_key" not in values and env.get("OPENAI_API_KEY"):
            values["llm_api_key"] = env["OPENAI_API_KEY"]
        values.update({k: v for k, v in overrides.items() if v is not None})
        settings = cls(**values)  # type: ignore[arg-type]
        settings.check()
        return settings

    def check(self) -> None:
        """Raise :class:`BadSettings` for a value outside its range."""
        if self.ocr not in ("auto", "off", "always"):
            raise BadSettings(f"PAGESIGHT_OCR is {self.ocr!r}; it can be auto, off or always")
        for name, most in ABOVE_ZERO.items():
            self._check_range(name, getattr(self, name) > 0, "above 0", most)
        for name, most in ZERO_OR_MORE.items():
            self._check_range(name, getattr(self, name) >= 0, "0 or more", most)
        if self.store not in ("float32", "float16", "int8"):
            raise BadSettings(f"PAGESIGHT_STORE is {self.store!r}; it can be float32, float16 or int8")
        if self.precision not in ("float32", "bfloat16", "float16", "int8"):
            raise BadSettings(
                f"PAGESIGHT_PRECISION is {self.precision!r}; it can be float32, bfloat16, float16 or int8"
            )
        if self.llm_model and not self.llm_base_url.startswith(("http://", "https://")):
            raise BadSettings(
                f"PAGESIGHT_LLM_BASE_URL is {self.llm_base_url!r}; it must start with http:// or https://"
            )

    def _check_range(self, name: str, enough: bool, least: str, most: float) -> None:
        value: float = getattr(self, name)
        if not (enough and value <= most):  # nan is neither
            raise BadSettings(f"PAGESIGHT_{name.upper()} is {value}; it must be {least}, at most {most:,}")


def quiet(environ: dict[str, str] | os._Environ[str] = os.environ) -> None:
    """Switch off the telemetry of every library, unless the user has set the variable otherwise."""
    for name, value in QUIET_ENVIRONMENT.items():
        environ.setdefault(name, value)


def _defaults() -> dict[str, object]:
    plain = Settings()
    return {name: getattr(plain, name) for name in Settings.__slots__}


def _convert(name: str, raw: str, default: object) -> object:
    try:
        if isinstance(default, Path):
            return Path(raw).expanduser()
        if isinstance(default, int):
            return int(raw)
        if isinstance(default, float):
            return float(raw)
    except ValueError as exc:
        kind = "a whole number" if isinstance(default, int) else "a number"
        raise BadSettings(f"PAGESIGHT_{name.upper()} is {raw!r}; it must be {kind}, like {default}") from exc
    return raw
