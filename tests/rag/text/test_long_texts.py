"""No text makes a reader go back over what it has read, whatever its length."""

import os
import subprocess
import sys
from pathlib import Path

import long_texts
import pytest

ROOT = Path(__file__).resolve().parents[3]
ENOUGH = 180  # seconds of processor time for what takes 5


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of processor time")
def test_long_texts_are_read_to_their_end() -> None:
    command = [sys.executable, long_texts.__file__]
    limited = ["/bin/sh", "-c", f'ulimit -t {ENOUGH}; exec "$@"', "sh", *command]
    done = subprocess.run(limited, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert done.stdout.split("\n")[-2] == "read", f"the last case begun was not finished: {done.stdout}{done.stderr}"
