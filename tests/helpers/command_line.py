"""The command line in a process of its own, and what came of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent.parent


class Result(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def complaint(self) -> str:
        """The one line of a failure."""
        assert self.code == 1, self
        assert len(self.err.splitlines()) == 1, self.err
        return self.err.strip()


def run(*arguments: object, **environ: str) -> Result:
    """In a process of its own, as a person would."""
    done = subprocess.run(
        [sys.executable, "-m", "rag", *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True, env={**os.environ, **environ}, timeout=300, check=False,
    )  # fmt: skip
    return Result(done.returncode, done.stdout, done.stderr)
