"""The same inputs give the same vectors and the same hits: whatever the order of adding, the workers, and reindexed."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ingestion.elements import Document
from rag.config import Settings
from rag.index import Index
from rag.retrieval.search import search
from rag.types import Hit, Query

QUESTIONS = ["How is the ferry's bell rung?", "exploded view of the pump", "What does the mill grind?", "page 2", "rye"]


def _write(path: Path, title: str, lines: list[str], author: str = "") -> Path:
    """Two pages: these lines, and a drawing with a caption that all of them have."""
    drawing = Image.radial_gradient("L").resize((300, 200))
    canvas = Canvas(str(path), invariant=1)
    canvas.setTitle(title)
    canvas.setAuthor(author)
    for number, line in enumerate(lines):
        canvas.drawString(72, 700 - 30 * number, line)
    canvas.showPage()
    canvas.drawString(72, 700, "The pump stands in the cellar, beside the ferry and the mill.")
    canvas.drawImage(ImageReader(drawing), 72, 420, 300, 200)
    canvas.drawString(72, 400, "Figure 1: Exploded view of the pump")
    canvas.save()
    return path


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Four documents; the last two say the same, so that nothing but a rule decides which comes first."""
    folder = tmp_path_factory.mktemp("documents")
    ferry = ["When the ferry is late, its bell is rung twice."]
    return [
        _write(folder / "mill.pdf", "Mill", ["The mill grinds rye and oats.", "It stands still at night."]),
        _write(folder / "pump.pdf", "Pump", ["The pump lifts ten litres a minute."]),
        _write(folder / "ferry-1.pdf", "Ferry", ferry, "first"),
        _write(folder / "ferry-2.pdf", "Ferry", ferry, "second"),
    ]


def _vectors(index: Index) -> dict[str, bytes]:
    folder = index.vectors.arrays.folder
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _hits(index: Index) -> list[tuple[Hit, ...]]:
    names = {row.name: row.id for row in index.catalogue.documents()}
    figure = next(c for c in index.catalogue.chunks_of(names["pump.pdf"]) if c.kind == "figure" and c.image)
    with Image.open(index.files.path(figure.doc, str(figure.image))) as image:
        picture = image.convert("RGB")
    queries = [Query(text) for text in QUESTIONS]
    queries += [Query(QUESTIONS[0], docs=frozenset([names["ferry-1.pdf"], names["ferry-2.pdf"]])), Query("", picture)]
    return [search(index, query, 10).hits for query in queries]


def _documents(index: Index) -> dict[str, Document]:
    return {doc_id: index.files.load_document(doc_id) for doc_id in index.catalogue.ids()}


def test_order_workers_and_reindexing_change_nothing(paths: list[Path], tmp_path: Path) -> None:
    with Index.open(Settings(tmp_path / "one", "builtin", "static"), create=True) as one:
        assert {added.status for added in one.add(paths, workers=1)} == {"added"}
        documents, vectors, hits = _documents(one), _vectors(one), _hits(one)
    with Index.open(Settings(tmp_path / "other", "builtin", "static"), create=True) as other:
        for path in paths[:1:-1]:
            other.add([path], workers=1)
        other.add(paths, workers=2)
        assert [row.name for row in other.catalogue.documents()][:2] == ["ferry-2.pdf", "ferry-1.pdf"]
        assert _documents(other) == documents
        assert _vectors(other) == vectors
        assert _hits(other) == hits
        other.reindex()
        assert _vectors(other) == vectors
        assert _hits(other) == hits
    assert all(hits)
