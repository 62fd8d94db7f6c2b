"""What takes long to make, made once per run: by the process that needs it first, for all processes of the run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A copy, this process's own, of the folder that ``make`` fills when it is given its path.

    ``name`` tells what different callers make apart. Whatever is in the folder is to be closed when ``make`` ends.
    """
    base = factory.getbasetemp()  # of the process; pytest-xdist puts those of a run's processes beside each other
    made = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "made" / name
    made.parent.mkdir(exist_ok=True)
    with FileLock(f"{made}.lock"):
        if not made.exists():
            begun = made.with_name(f"{name}.part")
            shutil.rmtree(begun, ignore_errors=True)
            make(begun)
            begun.rename(made)
    return Path(shutil.copytree(made, factory.mktemp(name) / name))
