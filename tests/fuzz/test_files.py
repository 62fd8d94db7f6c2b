"""Files with changed bytes: PDFs in the processes that read them, backups, documents as they were kept."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_documents import make_document
from make_pdfs import text_pages

from ingestion.errors import IngestionError
from ingestion.page_content import ParseOptions
from ingestion.workers.parse import Workers, parse_in_worker
from rag.config import Settings
from rag.errors import StoreError
from rag.index import Index
from rag.storage.copies.backup import back_up
from rag.storage.copies.backup_file import restore
from rag.storage.files.document_files import from_json, to_json

NO_OCR = ParseOptions(ocr="off")
HOW = ("change", "cut", "double", "insert")
changes = st.lists(
    st.tuples(
        st.floats(0, 1), st.sampled_from(["change", "cut", "double", "insert"]), st.binary(min_size=1, max_size=8)
    ),
    min_size=1,
    max_size=6,
)
TOKENS = (
    b"endobj",
    b"stream",
    b"<<",
    b">>",
    b"[",
    b"99999999999",
    b"-1",
    b"0 0 R",
    b"/Kids",
    b"/Length 0",
    b"trailer",
    b"%%EOF",
)
tokens = st.lists(st.tuples(st.floats(0, 1), st.just("insert"), st.sampled_from(TOKENS)), min_size=1, max_size=5)


def changed(data: bytes, made: list[tuple[float, str, bytes]]) -> bytes:
    for place, how, new in made:
        at = int(place * max(0, len(data) - 1))
        if how == "change":
            data = data[:at] + new + data[at + len(new) :]
        elif how == "insert":
            data = data[:at] + new + data[at:]
        elif how == "double":
            data = data[: at + 200] + data[at:]
        else:
            data = data[:at] + data[at + 1 + new[0] :]
    return data


@pytest.fixture(scope="module")
def reading() -> Iterator[Workers]:
    with Workers(1, folders=()) as workers:
        yield workers


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return text_pages(tmp_path_factory.mktemp("small"), 2).read_bytes()


@pytest.mark.slow
@settings(max_examples=12)
@given(changes | tokens)
def test_damaged_pdfs_are_read_or_refused(reading: Workers, small: bytes, made: list[tuple[float, str, bytes]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "damaged.pdf"
        path.write_bytes(changed(small, made))
        try:
            document = parse_in_worker(path, Path(folder) / "out", NO_OCR, workers=reading)
        except IngestionError as exc:
            assert "damaged.pdf" in str(exc)  # noqa: PT017
        else:
            assert from_json(to_json(document)) == document and document.pages


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    root = tmp_path_factory.mktemp("packed")
    with Index.open(Settings(index=root / "index", encoder="builtin", words="static"), create=True) as index:
        folder = index.files.stage()
        index.store(make_document(folder, 1, pages=1), folder)
        back_up(index, root / "x.backup", lambda step: None)
    return (root / "x.backup").read_bytes()


@given(changes)
def test_damaged_backups_are_refused_or_whole(packed: bytes, made: list[tuple[float, str, bytes]]) -> None:
    data = changed(packed, made)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.backup"
        path.write_bytes(data)
        try:
            done = restore(path, Path(folder) / "index", False, lambda step: None)
        except StoreError:
            assert list((Path(folder) / "index").glob("*")) == []
        else:  # what changed was between the files
            assert done.contents.documents == 1


@given(changes)
def test_documents_that_were_changed_are_read_or_refused(made: list[tuple[float, str, bytes]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = to_json(make_document(Path(folder), 1, pages=1, paragraphs=1))
    with contextlib.suppress(ValueError, KeyError, TypeError, RecursionError):
        from_json(changed(data, made))


@given(st.recursive(st.none() | st.integers() | st.text(max_size=5), st.lists, max_leaves=5))
def test_documents_of_any_json_are_read_or_refused(value: object) -> None:
    with contextlib.suppress(ValueError, KeyError, TypeError):
        from_json(json.dumps({"format": 1, "id": value, "pages": value, "chunks": value}).encode())
