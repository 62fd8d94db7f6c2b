"""Documents to a searchable index: what is stored, found, removed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_documents import make_document
from reportlab.pdfgen.canvas import Canvas
from vector_hits import one_by_one

from ingestion.elements import Document, file_id
from rag.config import Settings
from rag.errors import EncoderMismatch, IndexBusy, NoIndex, StoreError
from rag.index import Index
from rag.retrieval.search import search
from rag.storage.reader import IndexReader
from rag.storage.records.conversation_values import KeptTurn, new_id
from rag.storage.records.conversations import read, save_turn
from rag.storage.tables.connections import WRITE_LOCK
from rag.text.chunk_text import searchable_text
from rag.types import Progress, Query


@pytest.fixture
def index(settings: Settings) -> Iterator[Index]:
    with Index.open(settings, create=True) as index:
        yield index


def _store(index: Index, number: int, **more: int) -> Document:
    folder = index.files.stage()
    return index.store(make_document(folder, number, **more), folder)


def _pdf(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    canvas = Canvas(str(path), invariant=1)
    for i, line in enumerate(lines):
        canvas.drawString(72, 720 - 24 * i, line)
    canvas.showPage()
    canvas.save()
    return path


def test_no_index_is_not_made_by_looking(settings: Settings) -> None:
    with pytest.raises(NoIndex, match="rag add"):
        Index.open(settings)
    assert not settings.index.exists()


def test_stored_documents_are_whole_and_found(index: Index) -> None:
    steps: list[Progress] = []
    folder = index.files.stage()
    document = make_document(folder, 1)
    index.store(document, folder, steps.append)
    other = _store(index, 2)
    assert index.check() == []
    assert [row.id for row in index.catalogue.documents()] == [document.id, other.id]
    wanted = next(chunk for chunk in other.chunks if chunk.kind == "text")
    question = index.encoder.embed_texts([searchable_text(wanted)])[0]
    assert one_by_one(index.vectors.nearest(question, 1, "text"))[0].chunk_id == wanted.id
    assert {step.stage for step in steps} == {"embedding", "saving"}
    last = [step for step in steps if step.stage == "embedding"][-1]
    assert last.done == last.total > 0


def test_figures_and_tables_have_a_picture_node_and_pages_none_without_a_text_tower(index: Index) -> None:
    document = _store(index, 1)
    pictures = {
        p.chunk_id for rows in index.vectors.rows()[document.id] if rows.modality == "image" for p in rows.places
    }
    texts = {p.chunk_id for rows in index.vectors.rows()[document.id] if rows.modality == "text" for p in rows.places}
    assert pictures == {c.id for c in document.chunks if c.kind in ("figure", "table")}
    assert texts == {c.id for c in document.chunks if c.kind != "page"}


def test_means_are_those_of_the_stored_vectors(index: Index) -> None:
    _store(index, 1)
    _store(index, 2)
    start, stop = next((p.start, p.stop) for p in index.encoder.parts if p.name == "picture")
    images = [r.floats() for parts in index.vectors.rows().values() for r in parts if r.modality == "image"]
    expected = np.concatenate(images)[:, start:stop].mean(axis=0)
    assert np.allclose(index.means["image", "picture"], expected, atol=1e-6)
    assert ("text", "picture") not in index.means


def test_a_crop_that_cannot_be_read_is_a_problem_of_its_page(index: Index) -> None:
    folder = index.files.stage()
    document = make_document(folder, 1)
    (folder / "crops/0002-figure.webp").write_bytes(b"no picture")
    stored = index.store(document, folder)
    assert [(p.page, p.stage) for p in stored.problems] == [(2, "embedding")]
    assert index.catalogue.document(document.id).problems == stored.problems
    assert index.files.load_document(document.id) == stored
    assert index.check() == []


def test_removing_leaves_nothing(index: Index) -> None:
    gone, kept = _store(index, 1), _store(index, 2)
    assert index.remove(gone.id).name == "manual-1.pdf"
    assert index.files.ids() == index.vectors.arrays.ids() == {kept.id}
    assert index.check() == []


def test_a_store_that_fails_leaves_nothing(index: Index) -> None:
    first = _store(index, 1)
    folder = index.files.stage()
    bad = make_document(folder, 2)
    with pytest.raises(StoreError):
        index.store(replace(bad, pages=(*bad.pages, bad.pages[0])), folder)
    assert index.files.ids() == index.vectors.arrays.ids() == {first.id}
    assert index.catalogue.state().writing is None
    assert index.check() == []


def test_another_writer_is_named_and_readers_are_free(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    document = _store(index, 1)
    monkeypatch.setattr("rag.disk.LOCK_SECONDS", 0.1)
    code = (
        "import sys, pathlib; from rag.disk import locked\n"
        "with locked(pathlib.Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(index.root / WRITE_LOCK)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        child.stdout.readline()
        with pytest.raises(IndexBusy, match=f"being written by another process .number {child.pid}"):
            index.remove(document.id)
        with Index.open(index.settings) as reader:
            assert one_by_one(reader.vectors.nearest(reader.encoder.embed_texts(["pump"])[0], 1))
        child.communicate("")
    assert index.remove(document.id).id == document.id


def test_threads_of_one_process_take_turns(index: Index) -> None:
    made = [(folder := index.files.stage(), make_document(folder, n)) for n in range(4)]
    threads = [threading.Thread(target=index.store, args=(document, folder)) for folder, document in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {row.id for row in index.catalogue.documents()} == {document.id for _, document in made}
    assert index.check() == []


def test_an_open_reader_sees_new_documents_at_its_next_question(index: Index) -> None:
    _store(index, 1)
    with Index.open(index.settings) as reader:
        question = reader.encoder.embed_texts(["drain pump"])[0]
        before = one_by_one(reader.vectors.nearest(question, 100))
        new = _store(index, 2)
        after = {hit.chunk_id for hit in one_by_one(reader.vectors.nearest(question, 100))}
        assert after - {hit.chunk_id for hit in before} == {c.id for c in new.chunks if c.kind != "page"}
        assert np.array_equal(reader.means["image", "words"], index.means["image", "words"])


def test_unclean_stop_is_cleaned_up_at_opening(settings: Settings) -> None:
    with Index.open(settings, create=True) as index:
        kept, lost = _store(index, 1), _store(index, 2)
        index.catalogue.mark_writing(12345)
        index.catalogue.remove(lost.id)
        make_document(index.files.stage(), 3)
        assert len(index.check()) >= 4
    with Index.open(settings) as index:
        assert index.catalogue.state().writing is None
        assert index.check() == []
        assert index.files.ids() == {kept.id}


def test_a_broken_vector_database_is_made_anew_with_progress(settings: Settings) -> None:
    with Index.open(settings, create=True) as index:
        _store(index, 1)
        hits = search(index, Query("pump")).hits
    next((settings.index / "chroma").rglob("chroma.sqlite3")).write_bytes(b"torn")
    steps: list[Progress] = []
    with Index.open(settings) as index:
        assert any("vector database" in line for line in index.check())
        assert search(index, Query("pump")).hits == hits
        index.add([], progress=steps.append)
        assert index.check() == []
        assert index.vectors.differences() == ((), ())
    assert (steps[-1].name, steps[-1].done, steps[-1].total) == ("vector database", 1, 1)


def test_check_names_what_is_missing(index: Index) -> None:
    document = _store(index, 1)
    (index.files.document(document.id) / "crops/0001-table.webp").unlink()
    index.files.original(document.id).unlink()
    found = "\n".join(index.check())
    assert "crops/0001-table.webp is missing" in found
    assert "the original file is missing" in found


def test_reindex_parses_nothing_and_can_be_rolled_back(index: Index) -> None:
    _store(index, 1)
    first = index.generation
    assert index.reindex()
    assert index.generation.id != first.id
    new = _store(index, 2)
    assert index.rollback().id == first.id
    assert index.generation.id == first.id
    assert new.id in index.vectors.rows()
    assert index.check() == []
    with Index.open(index.settings) as again:
        assert again.check() == []


def test_a_refused_generation_stays_aside(index: Index) -> None:
    _store(index, 1)
    before, shown = index.generation, list[int]()

    def refuse(live: IndexReader, candidate: IndexReader) -> bool:
        shown.extend([live.vectors.count(), candidate.vectors.count()])
        return False

    assert index.reindex(gate=refuse) is False
    assert shown[0] == shown[1] > 0
    assert index.generation == before
    assert [g.state for g in index.catalogue.generations()] == ["live", "refused"]
    assert index.check() == []


def test_rollback_needs_an_earlier_generation(index: Index) -> None:
    with pytest.raises(StoreError, match="no earlier generation"):
        index.rollback()


def test_another_encoder_is_refused_and_named(index: Index, tmp_path: Path) -> None:
    from tiny_models import save_tiny_clip

    folder = save_tiny_clip(tmp_path / "clip")
    other = replace(index.settings, encoder=str(folder))
    with Index.open(other) as wrong:
        with pytest.raises(EncoderMismatch, match=r"builtin.*rag reindex"):
            wrong.encoder  # noqa: B018
        with pytest.raises(EncoderMismatch):
            wrong.add([tmp_path / "x.pdf"])
    with Index.open(replace(index.settings, encoder="auto", words="auto")) as kept:
        assert kept.encoder.fingerprint == index.encoder.fingerprint


def test_add_reports_every_path(index: Index, tmp_path: Path) -> None:
    good = _pdf(tmp_path / "in" / "deep" / "good.PDF", "The drain pump stands behind the flap.", "Open it slowly.")
    twin = _pdf(tmp_path / "in" / "twin.pdf", "The drain pump stands behind the flap.", "Open it slowly.")
    fake = tmp_path / "in" / "fake.pdf"
    fake.write_text("<html>no pdf</html>")
    (tmp_path / "in" / "notes.txt").write_text("not looked at")
    (tmp_path / "empty").mkdir()
    paths = [tmp_path / "in", tmp_path / "empty", tmp_path / "absent.pdf"]
    results = {added.path.name: added for added in index.add(paths, workers=2)}
    assert {name: a.status for name, a in results.items()} == {
        "good.PDF": "added",
        "twin.pdf": "present",
        "fake.pdf": "failed",
        "empty": "failed",
        "absent.pdf": "failed",
    }
    assert good.read_bytes() == twin.read_bytes()
    assert "no PDF or other document" in results["empty"].error
    assert "absent.pdf does not exist" in results["absent.pdf"].error
    assert "fake.pdf" in results["fake.pdf"].error
    assert index.check() == []
    assert [a.status for a in index.add([good])] == ["present"]
    assert index.catalogue.manifest["parser"]["ocr"] == "auto"


def test_ctrl_c_stops_and_leaves_a_clean_index(index: Index, tmp_path: Path) -> None:
    for number in range(3):
        _pdf(tmp_path / "in" / f"{number}.pdf", f"Page of file number {number}, long enough to be a paragraph.")

    def interrupt(step: Progress) -> None:
        if step.stage == "saving" and step.done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index.add([tmp_path / "in"], workers=1, progress=interrupt)
    assert index.catalogue.documents() == []
    assert index.check() == []


def test_what_is_no_pdf_is_kept_as_it_was_given(index: Index, tmp_path: Path) -> None:
    notes = tmp_path / "in" / "Notes.MD"
    notes.parent.mkdir()
    notes.write_text("# Ferry\n\nThe ferry to the island leaves at half past seven.\n", encoding="utf-8")
    assert index.add([notes.parent])[0].status == "failed"  # in a folder, text is not looked for
    added = index.add([notes])[0]
    assert added.status == "added" and added.name == "Notes.MD"
    original = index.files.original(added.doc_id)
    assert original.name == "original.md" and original.read_bytes() == notes.read_bytes()
    assert index.catalogue.find("notes").id == added.doc_id == file_id(notes)
    assert index.check() == []


def test_files_with_the_same_bytes_share_the_fate_of_the_first(index: Index, tmp_path: Path) -> None:
    good, bad = _pdf(tmp_path / "good.pdf", "The pump is cleaned."), tmp_path / "bad.pdf"
    bad.write_bytes(b"%PDF-1.7 and then nothing that helps")
    paths = [good, bad]
    for path in (good, bad):
        for number in (1, 2):
            paths.append(path.with_name(f"{path.stem}-{number}.pdf"))
            paths[-1].write_bytes(path.read_bytes())
    found = {added.path.name: added for added in index.add(paths)}
    assert {name: added.status for name, added in found.items()} == {
        "good.pdf": "added", "good-1.pdf": "present", "good-2.pdf": "present",
        "bad.pdf": "failed", "bad-1.pdf": "failed", "bad-2.pdf": "failed",
    }  # fmt: skip
    assert "bad.pdf, which was not added: " in found["bad-2.pdf"].error
    assert len(index.catalogue.ids()) == 1
    again = {added.path.name: added.status for added in index.add(paths)}
    assert set(again.values()) == {"present", "failed"} and again["good-2.pdf"] == "present"


def test_a_twin_whose_name_says_what_it_is_is_read_where_the_first_cannot_be(index: Index, tmp_path: Path) -> None:
    names = ["notes.xyz", "notes.txt", "notes-again.txt"]
    for name in names:
        (tmp_path / name).write_text("The drain pump is cleaned every forty hours, and the filter is rinsed.")
    found = index.add([tmp_path / name for name in names])
    assert [added.status for added in found] == ["failed", "added", "present"]
    assert [row.name for row in index.catalogue.documents()] == ["notes.txt"]


def test_what_was_read_is_kept_where_saving_fails(index: Index, tmp_path: Path) -> None:
    path = _pdf(tmp_path / "pump.pdf", "The pump is cleaned every forty hours.")

    def no_table(step: Progress) -> None:
        if step.stage == "saving" and step.done == 2:
            raise StoreError("the table is gone")

    (failed,) = index.add([path], progress=no_table)
    assert failed.status == "failed" and "add it again" in failed.error
    assert index.catalogue.ids() == () and index.files.ids() == set()
    assert index.check() == []
    stages: list[str] = []
    assert index.add([path], progress=lambda step: stages.append(step.stage))[0].status == "added"
    assert index.check() == []
    assert not index.files.reading.exists() or not list(index.files.reading.iterdir())


def test_a_collection_is_kept_but_where_the_settings_say_otherwise(settings: Settings) -> None:
    with Index.open(settings, create=True) as index:
        _store(index, 1)
        assert index.vectors.differences() == ((), ()) and list((settings.index / "chroma").glob("generation-*"))
    with Index.open(replace(settings, graph="off")) as index:
        doc = _store(index, 2).id
        assert not list((settings.index / "chroma").glob("generation-*"))
        index.remove(doc)
        assert index.check() == [] and search(index, Query("pump")).hits


def test_the_full_text_of_an_earlier_version_is_made_anew_when_the_index_is_opened(
    index: Index, tmp_path: Path
) -> None:
    path = _pdf(tmp_path / "pump.pdf", "The drum weighs 46kg, and the pump draws 2,5 m³ at 230V.")
    assert index.add([path])[0].status == "added"
    question, settings = Query("46kg"), index.settings
    hits = search(index, question).hits
    assert hits and all("full text" in hit.channels for hit in hits)
    before = index.catalogue.documents()
    with index.catalogue.writing() as db:  # as version 0.3.0 left it: no mark, and a number one term with its unit
        db.execute("DELETE FROM manifest WHERE key = 'terms'")
        db.execute("UPDATE fulltext_postings SET term = '46kg' WHERE term = '46'")
    with Index.open(settings) as again:
        assert again.catalogue.has_full_text_of_now()
        assert search(again, question).hits == hits
        assert again.catalogue.documents() == before
        assert again.check() == []
    with Index.open(settings) as again:
        revision = again.catalogue.state().revision
    with Index.open(settings) as again:
        assert again.catalogue.state().revision == revision  # made once


def test_while_another_process_writes_the_full_text_waits(index: Index) -> None:
    with index.catalogue.writing() as db:
        db.execute("DELETE FROM manifest WHERE key = 'terms'")
    with index.session(), Index.open(index.settings) as reader:
        assert not reader.catalogue.has_full_text_of_now()
    with Index.open(index.settings) as reader:
        assert reader.catalogue.has_full_text_of_now()


def test_a_name_that_is_not_utf8_is_read_and_written_with_signs_in_place_of_it(
    tmp_path: Path, manual_pdf: Path, settings: Settings
) -> None:
    """As old archives have them: Linux lets a name be any bytes."""
    try:
        path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/B\xe4nder \xff.pdf"))
        shutil.copyfile(manual_pdf, path)
    except OSError:
        pytest.skip("this system takes no such name")
    with Index.open(settings, create=True) as index:
        (added,) = index.add([path])
        assert added.error == ""
        (row,) = index.catalogue.documents()
        assert row.name == "B\ufffdnder \ufffd.pdf" and index.check() == []
        assert index.catalogue.find(path.name).id == row.id
        assert search(index, Query("lint filter \udcff")).hits
        turn = KeptTurn(new_id(), "Half an emoji \ud83d", text="…")
        save_turn(index.catalogue, "anna", "c", turn, {})
        assert read(index.catalogue, "anna", "c")[0].question == "Half an emoji \ufffd"
