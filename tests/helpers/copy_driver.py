"""Copies an index as ``python -m rag copy`` does, and kills itself after so many files: FROM TO FILES."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from rag.config import Settings
from rag.index import Index
from rag.storage.copies.library_copy import copy_from_objects, copy_to_folder, copy_to_objects
from rag.storage.files.objects import Objects, is_address
from rag.types import Progress

SOURCE, TARGET, FILES = sys.argv[1], sys.argv[2], int(sys.argv[3])


def killed(step: Progress) -> None:
    if step.done == FILES:
        os.kill(os.getpid(), signal.SIGKILL)


if is_address(SOURCE):
    copy_from_objects(Objects(SOURCE), Path(TARGET), killed)
else:
    with Index.open(Settings(index=Path(SOURCE), encoder="builtin", words="static")) as opened:
        if is_address(TARGET):
            copy_to_objects(opened, Objects(TARGET), killed)
        else:
            copy_to_folder(opened, Path(TARGET), killed)
