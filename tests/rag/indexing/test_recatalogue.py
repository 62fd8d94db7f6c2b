"""Documents whose catalogue was lost: nothing is added beside them, and they are taken back, also after a kill."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from small_library import files, make_library, opened

from rag.cli.arguments import parser
from rag.cli.commands import run
from rag.errors import LostCatalogue
from rag.indexing import recatalogue
from rag.retrieval.search import search
from rag.types import Query

CATALOGUE = "catalogue.sqlite3"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    make_library(tmp_path / "index")
    return tmp_path / "index"


def hits(root: Path) -> list[tuple[str, float]]:
    with opened(root) as index:
        return [(hit.chunk.id, round(hit.score, 6)) for hit in search(index, Query("drain pump of model 8"), 10).hits]


def repair(root: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = run(parser().parse_args(["doctor", "--repair", "--index", str(root)]))
    return code, capsys.readouterr().out


@pytest.mark.parametrize("lose", [Path.unlink, lambda path: path.write_bytes(b"")])
def test_nothing_is_added_beside_them_and_they_are_taken_back(
    lose: Callable[[Path], object], root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGESIGHT_ENCODER", "builtin")
    monkeypatch.setenv("PAGESIGHT_WORDS", "static")
    before, found = {name: data for name, data in files(root).items() if name.startswith("files/")}, hits(root)
    lose(root / CATALOGUE)
    for create in (True, False):
        with pytest.raises(LostCatalogue, match=r"files of \d document\(s\) lie there: restore .* doctor --repair"):
            opened(root, create=create)
    assert {name: data for name, data in files(root).items() if name.startswith("files/")} == before
    _, said = repair(root, capsys)
    assert said.count("was in no catalogue") == len({name.split("/")[1] for name in before})
    assert {name: data for name, data in files(root).items() if name.startswith("files/")} == before
    assert hits(root) == found and not (root / recatalogue.LOST).exists()
    with opened(root) as index:
        assert index.check() == []


def test_what_is_no_whole_document_stays_where_it_is_and_is_named(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / CATALOGUE).unlink()
    broken = sorted((root / "files").iterdir())[0]
    (broken / "document.json").write_bytes(b"{")
    assert recatalogue.set_aside(root) and recatalogue.set_aside(root)  # a kill after the first is nothing else
    with opened(root, create=True) as index:
        done = recatalogue.take_back(index, lambda step: None)
        assert [one.name for one in done if one.error] == [broken.name[:12]]
        assert index.check() == [] and len(index.catalogue.ids()) == len(done) - 1
    assert [folder.name for folder in recatalogue.waiting(root)] == [broken.name]
    assert (root / recatalogue.LOST / broken.name / "document.json").read_bytes() == b"{"
    code = run(parser().parse_args(["doctor", "--index", str(root)]))
    assert code == 1 and "of an earlier catalogue 1 document wait" in capsys.readouterr().out


def test_a_folder_with_nothing_in_it_is_no_lost_library(tmp_path: Path) -> None:
    (tmp_path / "index" / "files").mkdir(parents=True)
    assert not recatalogue.set_aside(tmp_path / "index")
    with opened(tmp_path / "index", create=True) as index:
        assert index.catalogue.ids() == ()
