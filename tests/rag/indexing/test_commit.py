"""Several processes at one index: reading and embedding side by side, committing in turns; what a kill leaves."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from made_documents import make_document
from reportlab.pdfgen.canvas import Canvas

from ingestion.elements import Document, file_id
from rag.config import Settings
from rag.disk import claimed
from rag.errors import DiskFull, IndexBusy, UnknownDocument
from rag.index import Index
from rag.retrieval.search import search
from rag.storage import incoming
from rag.types import Progress, Query

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def index(settings: Settings) -> Iterator[Index]:
    with Index.open(settings, create=True) as opened:
        yield opened


def _store(index: Index, number: int, progress: object = None) -> Document:
    folder = index.files.stage()
    return index.store(make_document(folder, number), folder, progress)  # type: ignore[arg-type]


def _pdf(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    canvas = Canvas(str(path), invariant=1)
    for line in lines:
        canvas.drawString(72, 720, line)
        canvas.showPage()
    canvas.save()
    return path


def _command(index: Path, *arguments: object) -> list[str]:
    return [sys.executable, "-m", "rag", *map(str, arguments), "--index", str(index)]


def test_two_processes_add_to_one_index_at_once(index: Index, tmp_path: Path) -> None:
    """One file is in both folders: it is read by one of them, the other says that it is there."""
    both = "The ferry leaves at half past seven from the northern pier."
    for who in ("first", "second"):
        _pdf(tmp_path / who / "both.pdf", both)
        for number in range(2):
            _pdf(tmp_path / who / f"{who}-{number}.pdf", f"Boat {number} of the {who} yard carries {number + 2} masts.")
    lost = _store(index, 90)
    index.vectors.close()
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    children = [
        subprocess.Popen(
            _command(index.root, "add", tmp_path / who, "--json"), stdout=subprocess.PIPE, text=True, env=environ
        )
        for who in ("first", "second")
    ]
    index.remove(lost.id)  # a third writer, meanwhile
    said = [child.communicate()[0] for child in children]
    assert [child.returncode for child in children] == [0, 0], said
    assert [sum(text.count(f'"status": "{what}"') for text in said) for what in ("added", "present")] == [5, 1]
    names = {row.name for row in index.catalogue.documents()}
    assert names == {"both.pdf", *(f"{who}-{number}.pdf" for who in ("first", "second") for number in range(2))}
    assert index.check() == []
    assert index.vectors.differences() == ((), ())
    assert search(index, Query("When does the ferry leave?")).hits[0].chunk.doc == file_id(
        tmp_path / "first" / "both.pdf"
    )
    assert not list((index.root / incoming.INCOMING).iterdir())


def test_others_write_while_a_document_is_embedded(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.disk.LOCK_SECONDS", 0.1)
    gone, seen = _store(index, 1), list[str]()

    def embedding(step: Progress) -> None:
        if step.stage == "embedding" and not seen:
            with Index.open(index.settings) as other:
                seen.append(other.remove(gone.id).id)
                seen.append(_store(other, 3).id)

    kept = _store(index, 2, embedding)
    assert seen[0] == gone.id
    assert set(index.catalogue.ids()) == {kept.id, seen[1]}
    assert index.check() == []
    assert index.vectors.differences() == ((), ())


def test_a_generation_that_goes_live_between_embedding_and_commit_gets_the_document(index: Index) -> None:
    first, seen = index.generation.id, list[int]()

    def ready(step: Progress) -> None:
        if (step.stage, step.done) == ("saving", 1) and not seen:
            with Index.open(index.settings) as other:
                assert other.reindex()
                seen.append(other.generation.id)

    _store(index, 1)
    added = _store(index, 2, ready)
    assert index.generation.id == seen[0] != first
    assert added.id in index.vectors.rows()
    assert index.check() == []
    assert index.rollback().id == first
    assert added.id in index.vectors.rows()
    assert index.check() == []


@pytest.mark.parametrize("step", [1, 2])
def test_what_lay_ready_when_the_process_was_killed_is_committed_by_the_next(
    index: Index, tmp_path: Path, step: int
) -> None:
    """Before the right to write was had (1), and with it (2); the file is not read again."""
    path = _pdf(tmp_path / "ferry.pdf", "The ferry leaves at half past seven from the northern pier.")
    index.vectors.close()
    code = (
        "import os, sys; from pathlib import Path\n"
        "from rag.config import Settings; from rag.index import Index\n"
        "def kill(step):\n"
        f"    if (step.stage, step.done) == ('saving', {step}): os._exit(9)\n"
        "Index.open(Settings(index=Path(sys.argv[1]))).add([Path(sys.argv[2])], progress=kill)\n"
    )
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    assert subprocess.run([sys.executable, "-c", code, str(index.root), str(path)], env=environ).returncode == 9
    assert incoming.is_waiting(index.root)
    with Index.open(index.settings) as after:
        path.rename(tmp_path / "elsewhere.pdf")
        stages: list[str] = []
        (added,) = after.add([tmp_path / "elsewhere.pdf"], progress=lambda step: stages.append(step.stage))
        assert added.status == "present" and "reading" not in stages
        assert [row.name for row in after.catalogue.documents()] == ["ferry.pdf"]
        assert after.check() == []
        assert search(after, Query("When does the ferry leave?")).hits


def test_what_lies_ready_and_is_in_somebodys_hands_is_left_alone(index: Index) -> None:
    """Another process is about to commit it: cleaning up after a third one must not take it away."""
    seen: list[bool] = []

    def ready(step: Progress) -> None:
        if (step.stage, step.done) == ("saving", 1) and not seen:
            index.catalogue.mark_writing(12345)  # somebody was killed while writing
            with Index.open(index.settings) as other:
                seen.append(other.catalogue.state().writing is None and incoming.is_waiting(other.root))

    stored = _store(index, 1, ready)
    assert seen == [True]
    assert index.catalogue.ids() == (stored.id,)
    assert index.check() == []


def test_a_claim_is_had_by_one_at_a_time_and_leaves_no_file(tmp_path: Path) -> None:
    path, inside, most = tmp_path / "claims" / "one.lock", list[int](), list[int]()

    def work() -> None:
        for _ in range(20):
            with claimed(path, None):
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) == 80 and max(most) == 1
    assert not path.exists()
    with claimed(path), pytest.raises(IndexBusy), claimed(path):
        pass


def test_who_stops_waiting_for_a_document_leaves_what_another_has_read_of_it(index: Index, tmp_path: Path) -> None:
    first = _pdf(tmp_path / "first.pdf", "The ferry leaves at half past seven.")
    second = _pdf(tmp_path / "second.pdf", "The bell rings twice before the ferry leaves.")
    read = index.files.unfinished(file_id(first)) / "0001.part"

    def full(step: Progress) -> None:
        if (step.name, step.stage, step.done) == ("second.pdf", "saving", 0):
            raise DiskFull("no space is left")

    with incoming.claim(index.root, file_id(first)):  # as another process has it
        read.write_bytes(b"pages that were read")
        results = {added.path.name: added for added in index.add([first, second], workers=2, progress=full)}
    assert {name: added.status for name, added in results.items()} == {"first.pdf": "failed", "second.pdf": "failed"}
    assert "no space is left" in results["first.pdf"].error
    assert read.is_file()
    assert index.check() == []


def test_removing_what_is_not_there_leaves_no_mark(index: Index) -> None:
    with pytest.raises(UnknownDocument):
        index.remove("f" * 64)
    assert index.catalogue.state().writing is None
