"""A worker process with quick signs of life and small ranges; prints what it does, a line each. It may be killed.

python queue_worker.py INDEX QUEUE RANGE_PAGES [once]
"""

from __future__ import annotations

import sys
from pathlib import Path

from rag.config import Settings, quiet
from rag.queue.jobs import Job
from rag.queue.worker import work

HEARTBEAT, STALLED = 0.5, 3.0  # seconds


def settings_of(index: Path, queue: str) -> Settings:
    return Settings(index=index, encoder="builtin", words="static", workers=1, queue=queue)


def main(index: Path, queue: str, range_pages: int, once: bool) -> None:
    quiet()

    def say(job: Job, what: str) -> None:
        print(f"{job.label}: {what}", flush=True)

    print("begins", flush=True)
    settings = settings_of(index, queue)
    work(settings, say, jobs=1, once=once, range_pages=range_pages, heartbeat=HEARTBEAT, stalled=STALLED)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4:] == ["once"])
