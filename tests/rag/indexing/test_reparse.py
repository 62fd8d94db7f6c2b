"""Documents read again: only those that are outdated, each replaced when it is whole."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from rag.cli.doctor import examine
from rag.cli.finding import WARN
from rag.config import Settings
from rag.index import Index
from rag.indexing.parsing import parser_note
from rag.indexing.reparse import outdated
from rag.retrieval.search import search
from rag.storage.files.document_files import PARSER
from rag.types import Query

DRIVER = Path(__file__).resolve().parents[2] / "helpers" / "generation_driver.py"
QUESTION = Query("What happens when the ferry is late?")


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    """Two documents, of which the first was read by a parser that saw only half of it."""
    for name, line in (("ferry", "When the ferry is late, a bell rings twice."), ("mill", "The mill grinds rye.")):
        canvas = Canvas(str(tmp_path / f"{name}.pdf"), invariant=1)
        canvas.drawString(72, 700, f"Chapter of the {name}")
        canvas.drawString(72, 640, line)
        canvas.save()
    with Index.open(Settings(tmp_path / "index", "builtin", "static", workers=1), create=True) as index:
        index.add([tmp_path / "ferry.pdf", tmp_path / "mill.pdf"])
        ferry = index.catalogue.find("ferry").id
        document = index.files.load_document(ferry)
        blind = [replace(chunk, text="Chapter", image=None) for chunk in document.chunks]
        folder = index.files.stage()
        for name in ("original.pdf", "pages"):
            (index.files.document(ferry) / name).replace(folder / name)
        index.store(replace(document, chunks=tuple(blind), elements=()), folder)
        yield index


def _state(index: Index) -> list[tuple[str, str, str]]:
    return [(row.id, row.name, row.added) for row in index.catalogue.documents()]


def _bell(index: Index) -> bool:
    return any("bell rings" in hit.chunk.text for hit in search(index, QUESTION).hits)


def test_only_outdated_documents_are_read_again_and_keep_name_and_place(index: Index) -> None:
    before, mill = _state(index), index.files.document(index.catalogue.find("mill").id).stat().st_ino
    assert [row.name for row in outdated(index)] == ["ferry.pdf"]
    (said,) = [found for found in examine(index.settings) if "reindex --parse" in found.remedy]
    assert (said.level, said.what) == (WARN, "index") and "ferry.pdf" in said.detail
    assert not _bell(index)
    assert [(read.name, read.pages, read.error) for read in index.reparse()] == [("ferry.pdf", 1, "")]
    assert _bell(index)
    assert _state(index) == before
    assert index.files.document(before[1][0]).stat().st_ino == mill
    assert index.check() == []
    assert outdated(index) == [] == list(index.reparse())


def test_another_language_of_scans_makes_documents_outdated(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    assert index.catalogue.manifest["parser"]["ocr_language"] == "auto"
    monkeypatch.setattr(index, "settings", replace(index.settings, ocr_language="de"))
    assert len(outdated(index)) == 2
    assert json.loads((index.files.document(index.catalogue.find("mill").id) / PARSER).read_text())["version"]


def test_language_and_models_are_part_of_what_was_read_with(settings: Settings) -> None:
    plain = parser_note(settings)
    assert plain == parser_note(replace(settings, ocr_language=" AUTO ", ocr_models="unused"))
    assert parser_note(replace(settings, ocr_language="de"))["ocr_language"] == "de"
    korean = [replace(settings, ocr_language="ko", ocr_models=folder) for folder in ("a", "b")]
    assert parser_note(korean[0]) != parser_note(korean[1])
    assert korean[1].parse_options().script == ("ko", "b")


def test_what_cannot_be_read_again_stays_as_it_was(index: Index) -> None:
    ferry = index.catalogue.find("ferry").id
    index.files.original(ferry).write_bytes(b"%PDF-1.7 torn")
    chunks = index.catalogue.chunks_of(ferry)
    (read,) = index.reparse()
    assert read.name == "ferry.pdf" and read.error
    assert index.catalogue.chunks_of(ferry) == chunks
    assert index.check() == []


def test_earlier_generations_get_the_new_reading_when_they_are_gone_back_to(index: Index) -> None:
    first = index.generation
    index.reindex()
    list(index.reparse())
    assert index.rollback() == replace(first, state="previous")
    assert _bell(index)
    assert index.check() == []


@pytest.mark.parametrize("step", ["add", pytest.param("adopt_whole", marks=pytest.mark.slow)])
def test_a_kill_while_one_is_replaced_loses_nothing(index: Index, step: str) -> None:
    index.vectors.close()
    command = [sys.executable, str(DRIVER), "reparse", str(index.root), step]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(DRIVER.parents[2]), str(DRIVER.parent)])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True, env=environ) as child:
        assert child.stdout
        assert child.stdout.readline() == "there\n"
        os.killpg(child.pid, signal.SIGKILL)
    assert search(index, QUESTION).hits
    with Index.open(index.settings) as after:
        assert after.check() == []
        assert _bell(after)
        assert outdated(after) == []
