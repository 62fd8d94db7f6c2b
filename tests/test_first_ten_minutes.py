"""The way of a newcomer, walked by the benchmark with what is installed here."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")


@pytest.mark.slow
@pytest.mark.browser
def test_a_newcomer_gets_from_the_clone_to_a_saved_conversation() -> None:
    """Nothing leaves the machine, no script fails, and every step says how long it took."""
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not any(Path(browser).is_file() for browser in BROWSERS):
        pytest.skip("there is no Chromium")
    walked = subprocess.run(
        [sys.executable, "benchmarks/first_ten_minutes.py", "--installed"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert walked.returncode == 0, walked.stdout + walked.stderr
    steps = re.findall(r"^ +[\d.]+ s +\d+ acts  (.+)$", walked.stdout, re.MULTILINE)
    assert steps[-2:] == ["the conversation saved as PDF", "all of it"]
