"""What a person can set about reading documents: one frozen value, read from the environment once.

Each field says what it may be; the variable's name, its conversion and the check follow from the field:

    >>> ReadingSettings.from_environment({"PAGESIGHT_PAGE_SECONDS": "30"}).page_seconds
    30.0
    >>> ReadingSettings.from_environment({"PAGESIGHT_MAX_PAGES": "0"})
    SettingError: PAGESIGHT_MAX_PAGES is 0; it must be above 0, at most 10,000,000

Settings of later stages are fields of the same kind, in a dataclass that inherits these.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, Protocol, TypeVar, cast, get_args

from ingestion.ocr.models import OcrMode
from ingestion.page_content import ParseOptions
from ingestion.workers.child import Limits

PREFIX = "PAGESIGHT_"
DAY = 86_400  # seconds: nobody waits longer for one thing
EXACT = 2.0**53  # up to which every whole number is one as a float
Number = TypeVar("Number", int, float)

_OPTIONS, _LIMITS = ParseOptions(), Limits()  # their defaults are those of the settings


class SettingError(ValueError):
    """A setting is not what it may be; the message names its variable, its value and what it may be."""


class Dataclass(Protocol):
    """Any value whose class is a dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


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
        """What the number must be instead; empty where it is right."""
        number = cast(float, value)
        enough = number >= 0 if self.zero else number > 0
        if enough and number <= self.most:  # nan is neither
            return ""
        return f"it must be {'0 or more' if self.zero else 'above 0'}, at most {self.most:,}"


class OneOf(NamedTuple):
    """Some words and no other."""

    words: tuple[str, ...]

    def broken_by(self, value: object) -> str:
        """What the word can be instead; empty where it is right."""
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


@dataclass(frozen=True, slots=True, kw_only=True)  # a dataclass that inherits these keeps its own order
class ReadingSettings:
    """What documents are read with. ``ocr`` is read from ``PAGESIGHT_OCR``, and so on."""

    ocr: str = one_of(*get_args(OcrMode))  # what is read by OCR
    ocr_language: str = _OPTIONS.ocr_language  # what scans are written in; auto, ko, ru, ar …
    ocr_models: str = _OPTIONS.ocr_models  # folder with the recognition model of such a language
    transcriber: str = _OPTIONS.transcriber  # folder of a Whisper model that hears recordings; empty: none does
    sounds: str = _OPTIONS.sounds  # folder of a CLAP model that names the sounds of recordings; empty: none does
    page_seconds: float = above_zero(_LIMITS.page_seconds, most=DAY)  # limit for parsing one page
    memory_gb: float = above_zero(_LIMITS.memory_gb, most=1_000_000)  # limit of one parsing process, GB
    sandbox: str = one_of("auto", "off")  # auto: parsing processes give up what the system lets them
    max_pages: int = above_zero(_OPTIONS.max_pages, most=10_000_000)  # of one document
    max_paths: int = above_zero(_OPTIONS.max_paths, most=1_000_000_000)  # per page; of more only text and picture
    max_pixels: int = above_zero(_OPTIONS.max_pixels, most=10_000_000_000)  # per page's picture; larger: coarser

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> ReadingSettings:
        """Read ``PAGESIGHT_*``. Raises :class:`SettingError`, naming the variable."""
        settings = cls(**given_values(cls, os.environ if environ is None else environ))
        check_limits(settings)
        return settings

    def parse_options(self, password: str | None = None, pages: tuple[int, int] | None = None) -> ParseOptions:
        """How to parse one document. ``pages``: first and last to read; None: all."""
        return ParseOptions(
            ocr=self.ocr,  # type: ignore[arg-type]  # one of three words, as its limit says
            password=password,
            max_pages=self.max_pages,
            max_paths=self.max_paths,
            max_pixels=self.max_pixels,
            ocr_language=self.ocr_language,
            ocr_models=self.ocr_models,
            pages=pages,
            transcriber=self.transcriber.strip(),
            sounds=self.sounds.strip(),
        )

    def limits(self) -> Limits:
        """What one document may cost."""
        return Limits(page_seconds=self.page_seconds, memory_gb=self.memory_gb, sandbox=self.sandbox == "auto")


def variable(name: str) -> str:
    """The environment variable of a field."""
    return f"{PREFIX}{name.upper()}"


def given_values(kind: type[Dataclass], environ: Mapping[str, str]) -> dict[str, Any]:
    """The fields of a dataclass that the environment sets. Raises :class:`SettingError` for what is no number."""
    given = {one.name: environ.get(variable(one.name), "").strip() for one in fields(kind)}
    return {one.name: _converted(one, given[one.name]) for one in fields(kind) if given[one.name]}


def check_limits(settings: Dataclass) -> None:
    """Raise :class:`SettingError` for a value outside what its field may be."""
    for one in fields(settings):
        limit: Limit | None = one.metadata.get("limit")
        value = getattr(settings, one.name)
        if limit is not None and (wrong := limit.broken_by(value)):
            raise SettingError(f"{variable(one.name)} is {value!r}; {wrong}")


def _converted(one: Field[Any], raw: str) -> object:
    """A variable's text as the type of its field's default."""
    default = one.default
    if isinstance(default, Path):
        return Path(raw).expanduser()
    if not isinstance(default, int | float):
        return raw
    try:
        value = float(raw)
    except ValueError as exc:
        raise _no_number(one, raw) from exc
    if isinstance(default, float):
        return value
    if not value.is_integer() or abs(value) > EXACT:  # nan and inf are none
        raise _no_number(one, raw)
    return int(value)


def _no_number(one: Field[Any], raw: str) -> SettingError:
    kind = "a whole number" if isinstance(one.default, int) else "a number"
    return SettingError(f"{variable(one.name)} is {raw!r}; it must be {kind}, like {one.default}")
