"""Settings: what cannot be is refused with the variable's name, before anything waits for it."""

from __future__ import annotations

import math
import re
from dataclasses import fields
from pathlib import Path

import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from ingestion.settings import Range, ReadingSettings, SettingError
from rag.config import ONE_THREAD, Settings, quiet
from rag.errors import BadSettings
from rag.index import Index

NUMBERS = [one.name for one in fields(Settings) if isinstance(one.default, float | int)]
LIMITS = {one.name: one.metadata.get("limit") for one in fields(Settings)}


@pytest.mark.parametrize("name", NUMBERS)
def test_every_number_has_a_range_that_its_default_is_in(name: str) -> None:
    limit = LIMITS[name]
    assert isinstance(limit, Range) and not limit.broken_by(getattr(Settings(), name))
    assert Settings.from_environment({}) == Settings()


@pytest.mark.parametrize("raw", ["nan", "inf", "-inf", "1e400", "-1", "1e300"])
@pytest.mark.parametrize("name", [name for name in NUMBERS if isinstance(getattr(Settings(), name), float)])
def test_no_number_that_nobody_can_wait_for(name: str, raw: str) -> None:
    with pytest.raises(BadSettings, match=f"PAGESIGHT_{name.upper()} is .*at most"):
        Settings.from_environment({f"PAGESIGHT_{name.upper()}": raw})


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("WORKERS", "x", "is 'x'; it must be a whole number, like 0"),
        ("BATCH", "0", "is 0; it must be above 0, at most 1,000,000"),
        ("THREADS", "-1", "is -1; it must be 0 or more, at most 10,000"),
        ("OCR", "sometimes", "is 'sometimes'; it can be auto, off or always"),
        ("STORE", "float64", "is 'float64'; it can be float32, float16 or int8"),
        ("PRECISION", "half", "is 'half'; it can be float32, bfloat16, float16 or int8"),
    ],
)
def test_a_wrong_value_is_named_with_what_it_can_be(name: str, raw: str, said: str) -> None:
    with pytest.raises(BadSettings) as told:
        Settings.from_environment({f"PAGESIGHT_{name}": raw})
    assert str(told.value) == f"PAGESIGHT_{name} {said}"


def test_a_program_names_index_and_encoder_by_their_place() -> None:
    named = Settings(index=Path("here"), encoder="builtin", words="static")
    assert Settings(Path("here"), "builtin", "static") == named


def test_matrices_are_multiplied_in_one_thread_unless_the_user_says_otherwise() -> None:
    def threads() -> set[int]:
        return {one["num_threads"] for one in threadpool_info() if one["internal_api"] == "openblas"}

    with threadpool_limits(2, user_api="blas"):
        quiet(environ := {ONE_THREAD: "2"})
        assert environ[ONE_THREAD] == "2" and threads() <= {2}
        quiet(environ := {})
        assert environ[ONE_THREAD] == "1" and threads() <= {1}


def test_a_program_is_told_too(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="PAGESIGHT_PAGE_SECONDS is nan"):
        Index.open(Settings(index=tmp_path / "index", page_seconds=math.nan), create=True)
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize("variable", ["PAGE_SECONDS", "MEMORY_GB", "MAX_PAGES", "MAX_PATHS", "MAX_PIXELS"])
@pytest.mark.parametrize("raw", ["nan", "inf", "-inf", "0", "-3", "1e300", "many"])
def test_reading_alone_refuses_them_too(monkeypatch: pytest.MonkeyPatch, variable: str, raw: str) -> None:
    monkeypatch.setenv(f"PAGESIGHT_{variable}", raw)
    with pytest.raises(SettingError, match=rf"PAGESIGHT_{variable} is '?{re.escape(raw)[:2]}.*; it must be "):
        ReadingSettings.from_environment()


def test_a_part_of_a_page_and_an_unknown_word_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGESIGHT_MAX_PAGES", "0.5")
    with pytest.raises(SettingError, match=r"PAGESIGHT_MAX_PAGES is '0\.5'; it must be a whole number"):
        ReadingSettings.from_environment()
    monkeypatch.setenv("PAGESIGHT_MAX_PAGES", "10")
    monkeypatch.setenv("PAGESIGHT_OCR", "sometimes")
    with pytest.raises(SettingError, match="PAGESIGHT_OCR is 'sometimes'; it can be auto, off or always"):
        ReadingSettings.from_environment()
