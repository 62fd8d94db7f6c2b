"""SIGKILL at random moments of writing, each followed by a check: nothing committed is lost, nothing is left over."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from vector_hits import one_by_one

from benchmarks import kill
from rag.config import Settings
from rag.index import Index
from rag.text.chunk_text import searchable_text

DRIVER = Path(__file__).resolve().parents[2] / "helpers" / "kill_driver.py"
LONGEST = 1.5  # seconds of writing before a kill


def _write_and_kill(root: Path, first: int, seconds: float) -> list[str]:
    """Run the driver in a process group of its own, kill the group after ``seconds`` of writing; ids it committed."""
    command = [sys.executable, str(DRIVER), str(root), str(first), "1000"]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(DRIVER.parents[2]), str(DRIVER.parent)])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True, env=environ) as child:
        assert child.stdout
        assert child.stdout.readline() == "open\n"
        time.sleep(seconds)
        os.killpg(child.pid, signal.SIGKILL)
        return child.stdout.read().split()


def _rounds(root: Path, rounds: int, seed: int) -> None:
    chance, committed = random.Random(seed), set[str]()
    settings = Settings(index=root, encoder="builtin", words="static")
    for number in range(rounds):
        committed.update(_write_and_kill(root, number * 1000, chance.uniform(0.0, LONGEST)))
        with Index.open(settings) as index:
            assert index.check() == [], f"round {number}, seed {seed}"
            assert committed <= set(index.catalogue.ids())
            committed.update(index.catalogue.ids())
            for doc_id in chance.sample(sorted(committed), min(3, len(committed))):
                wanted = next(chunk for chunk in index.catalogue.chunks_of(doc_id) if chunk.kind == "text")
                question = index.encoder.embed_texts([searchable_text(wanted)])[0]
                assert wanted.id in {hit.chunk_id for hit in one_by_one(index.vectors.nearest(question, 3, "text"))}
                assert index.files.original(doc_id).read_bytes().startswith(b"%PDF-")


def test_killed_writers_lose_nothing(tmp_path: Path) -> None:
    _rounds(tmp_path / "index", 3, seed=int(time.time()))


@pytest.mark.slow
def test_twenty_kills(tmp_path: Path) -> None:
    _rounds(tmp_path / "index", 20, seed=int(time.time()))


@pytest.mark.slow
def test_everything_that_changes_an_index_may_be_killed(tmp_path: Path) -> None:
    """As 200 times by hand: `python benchmarks/kill.py`."""
    kinds = ["remove", "reindex", "switch", "chat", "backup", "add"]
    assert kill.run(tmp_path / "index", kinds, kills=len(kinds), seed=int(time.time())) == 0
