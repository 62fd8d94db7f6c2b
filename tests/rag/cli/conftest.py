"""What tests of the command line share: it in this process, and an index that it has made of two PDFs."""

from __future__ import annotations

import io
import json
import shutil
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from command_line import Result
from made_once import made_once

from rag.__main__ import main
from rag.config import Settings


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
def library(indexed: Settings, scanned_pdf: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of both PDFs, the second added by the command; tests that change it copy it."""

    def make(index: Path) -> None:
        shutil.copytree(indexed.index, index)
        with redirect_stdout(io.StringIO()) as said:
            assert main(["add", str(scanned_pdf), "--index", str(index), "--json"]) == 0
        row = json.loads(said.getvalue())
        assert (row["doc"], row["status"], row["pages"]) == ("site-note.pdf", "added", 1)

    return made_once(tmp_path_factory, "cli-library", make)


@pytest.fixture
def own_library(library: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(library, tmp_path / "copy"))
