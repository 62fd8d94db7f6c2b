"""Ranges of pages of one document, read apart and at once: whoever joins them reads nothing again."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from make_pdfs import text_pages

from ingestion.errors import IngestionError
from ingestion.page_content import ParseOptions
from ingestion.parse import parse_pdf
from ingestion.workers.checkpoint import Checkpoint
from ingestion.workers.parse import Workers, parse_in_worker, prepare_in_worker, read_in_worker

KEY = "0" * 64
PAGES = 5


def test_ranges_read_apart_give_the_document_read_as_a_whole(tmp_path: Path) -> None:
    path, out, options = text_pages(tmp_path, PAGES), tmp_path / "out", ParseOptions()
    said: list[tuple[int, int]] = []
    with Workers(1) as pool:
        assert prepare_in_worker(path, out, options, workers=pool) == PAGES
        for pages in ((3, PAGES), (1, 2)):
            read_in_worker(path, out, replace(options, pages=pages), workers=pool)
        joined = parse_in_worker(path, out, options, workers=pool, progress=lambda _, *how_far: said.append(how_far))
    assert said == [(PAGES, PAGES)]  # all were there
    assert joined == parse_pdf(path, tmp_path / "whole", options)
    assert not (out / "read").exists()


def test_a_range_is_read_only_where_it_belongs_to_what_is_there(tmp_path: Path) -> None:
    path, out, options = text_pages(tmp_path, 2), tmp_path / "out", ParseOptions(pages=(1, 1))
    with pytest.raises(IngestionError, match="with other settings"):
        read_in_worker(path, out, options)
    prepare_in_worker(path, out)
    with pytest.raises(IngestionError, match="with other settings"):
        read_in_worker(path, out, replace(options, ocr="off"))
    assert list((out / "read").iterdir()) == [out / "read" / "key"]


def test_pages_are_kept_by_several_at_once(tmp_path: Path) -> None:
    """Each writes a draft of its own before it is renamed."""
    path, out = text_pages(tmp_path, 1), tmp_path / "out"
    prepare_in_worker(path, out)
    read_in_worker(path, out, ParseOptions(pages=(1, 1)))
    key = (out / "read" / "key").read_text()
    content = Checkpoint(out, key).load([1])[1]
    gate = threading.Barrier(4)

    def keep(first: int) -> None:
        checkpoint = Checkpoint(out, key)
        gate.wait()
        for number in range(first, first + 50):
            checkpoint.keep(replace(content, page=replace(content.page, number=number)))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(keep, range(100, 300, 50)))
    assert set(Checkpoint(out, key).load(range(100, 300))) == set(range(100, 300))


def test_a_draft_of_an_earlier_version_is_ours(tmp_path: Path) -> None:
    Checkpoint(tmp_path, KEY)
    (tmp_path / "read" / "draft").write_bytes(b"")
    Checkpoint(tmp_path, KEY.replace("0", "1")).clear()
    assert not (tmp_path / "read").exists()
