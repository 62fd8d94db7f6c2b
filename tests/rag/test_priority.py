"""What is added in the background gives way to questions."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from rag.service.priority import BEHIND
from rag.service.uploads import UploadQueue, UploadState
from rag.types import ReportProgress

MINE = "import os; print(os.getpriority(os.PRIO_PROCESS, 0))"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a priority for each thread")
def test_an_upload_and_its_processes_give_way_and_nobody_else(tmp_path: Path) -> None:
    seen: list[int] = []

    def mine() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    def add(path: Path, password: str | None, report: ReportProgress) -> tuple[UploadState, str]:
        inner = threading.Thread(target=lambda: seen.append(mine()))
        inner.start()
        inner.join()
        seen.append(int(subprocess.run([sys.executable, "-c", MINE], capture_output=True, check=True).stdout))
        return "added", ""

    before, queue = mine(), UploadQueue()
    queue.submit([tmp_path / "a.pdf"], add)
    queue.join(60)
    assert seen == [max(BEHIND, before)] * 2
    assert mine() == before
