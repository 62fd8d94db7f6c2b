"""What tests of the command line share: it in this process, and an index that it has made of two PDFs."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from command_line import Result, run

from rag.__main__ import main


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Any:
    """In this process: saves the start of the interpreter."""

    def _call(*arguments: object) -> Result:
        capsys.readouterr()
        try:
            code = main([str(a) for a in arguments])
        except SystemExit as exc:
            code = int(exc.code or 0)
        said = capsys.readouterr()
        return Result(code, said.out, said.err)

    return _call


@pytest.fixture(scope="session")
def library(manual_pdf: Path, scanned_pdf: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of both PDFs, made by the command; tests that change it copy it."""
    index = tmp_path_factory.mktemp("library") / "index"
    result = run("add", manual_pdf, scanned_pdf, "--index", index, "--json")
    assert result.code == 0, result.err
    assert {(row["doc"], row["status"], row["pages"]) for row in result.rows} == {
        ("lagoon-manual.pdf", "added", 3),
        ("site-note.pdf", "added", 1),
    }
    return index


@pytest.fixture
def own_library(library: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(library, tmp_path / "copy"))
