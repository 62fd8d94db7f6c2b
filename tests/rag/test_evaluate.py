"""Measures on literals, and a whole run on a real index."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image

from ingestion.elements import BBox
from ingestion.errors import UnreadableImage
from rag.config import Settings
from rag.errors import BadSettings, UnknownDocument
from rag.evaluate import Found, Place, Question, Report, Row, gate, measure, read_questions, run, score, worse
from rag.index import Index
from tests.rag.made_documents import make_document

BOX = BBox(0, 0, 100, 100)
FAR = BBox(300, 300, 400, 400)


def question(pages: Sequence[int], kinds: Sequence[str] = (), boxes: Sequence[tuple[int, BBox]] = ()) -> Question:
    return Question(0, "?", None, "a.pdf", frozenset(pages), tuple(kinds), tuple(boxes))


def places(*pages: int, doc: str = "a.pdf") -> list[Place]:
    return [Place(doc, page, BOX) for page in pages]


def test_recall_counts_pages_once_and_in_the_right_document() -> None:
    found = measure(question([7]), places(3, 3, 3, 5, 7))
    assert (found["R@1"], found["R@3"], found["MRR@10"]) == (0.0, 1.0, pytest.approx(1 / 3))
    assert measure(question([7]), places(7, doc="b.pdf"))["R@10"] == 0.0


def test_several_evidence_pages() -> None:
    found = measure(question([1, 2, 3, 4]), places(1, 9, 2))
    assert found["cover@10"] == 0.5
    assert found["nDCG@10"] == pytest.approx((1 + 0.5) / (1 + 0.6309 + 0.5 + 0.4307), abs=1e-3)


def test_only_the_first_ten_pages_count() -> None:
    assert measure(question([11]), places(*range(1, 12)))["MRR@10"] == 0.0


def test_regions_count_by_overlap_among_the_first_hits() -> None:
    asked = question([2], boxes=[(2, BOX)])
    hits = [Place("a.pdf", 2, FAR), Place("a.pdf", 1, BOX), Place("a.pdf", 2, BBox(0, 0, 100, 60))]
    found = measure(asked, hits)
    assert (found["region@1"], found["region@5"]) == (0.0, 1.0)
    assert measure(asked, [Place("a.pdf", 2, BBox(0, 0, 100, 40))])["region@5"] == 0.0
    assert "region@5" not in measure(question([2]), hits)


def test_means_by_kind_leave_out_questions_without_evidence() -> None:
    found = [
        Found(question([1], ["table"]), (), tuple(places(1)), 0.1),
        Found(question([2], ["table", "text"]), (), tuple(places(1)), 0.1),
        Found(question([]), (), tuple(places(1)), 0.1),
    ]
    rows = {row.kind: (row.questions, row.measures["R@1"]) for row in score(found, "doc")}
    assert rows == {"all": (2, 0.5), "table": (2, 0.5), "text": (1, 0.0)}


def report(recall: float) -> Report:
    measures = {"R@5": recall, "MRR@10": 0.5, "region@5": 0.4}
    return Report(tuple(Row(scope, "all", 10, measures) for scope in ("doc", "library")), ())


def test_the_gate_names_what_fell() -> None:
    assert worse(report(0.8), report(0.8)) == []
    assert worse(report(0.8), report(0.7))[0] == "doc R@5 0.800 → 0.700"
    assert worse(report(0.8), Report((), ()))


@pytest.fixture
def index(settings: Settings) -> Index:
    opened = Index.open(settings, create=True)
    for number in (1, 2):
        folder = opened.files.stage()
        opened.store(make_document(folder, number), folder)
    return opened


def write(path: Path, *rows: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_a_run_writes_hits_and_reports_both_scopes(index: Index, tmp_path: Path) -> None:
    Image.new("RGB", (90, 60), "navy").save(tmp_path / "shot.png")
    box = {"page": 2, "bbox": [50, 400, 560, 550]}
    asked = {
        "doc": "manual-1.pdf",
        "question": "Figure 2 of model 1",
        "pages": [2],
        "kinds": ["figure"],
        "boxes": [box],
    }
    picture = {"doc": "manual-2.pdf", "image": "shot.png", "pages": [1], "kinds": [], "how": "clean"}
    none = {"doc": "manual-2.pdf", "question": "Who won the cup?", "pages": []}
    seen: list[int] = []
    with index:
        questions = write(tmp_path / "q.jsonl", asked, picture, none)
        found = run(index, questions, "both", tmp_path / "hits.jsonl", lambda progress: seen.append(progress.done))
    lines = [json.loads(line) for line in (tmp_path / "hits.jsonl").read_text().splitlines()]
    assert [(line["id"], line["scope"]) for line in lines] == [(i, s) for s in ("doc", "library") for i in range(3)]
    assert {hit["doc"] for hit in lines[0]["hits"]} == {"manual-1.pdf"}
    assert lines[0]["hits"][0] == {**lines[0]["hits"][0], "page": 2, "kind": "figure", "bbox": [50, 400, 560, 550]}
    assert lines[0]["seconds"] > 0
    row = found.row("doc")
    assert row is not None and row.questions == 2 and row.measures["R@3"] == 1.0
    assert found.row("library", "clean") is not None
    assert "library/figure" in str(found) and "p95" in str(found)
    assert found.as_json()["measures"]["doc/figure"]["region@1"] == 1.0
    assert seen == [1, 2, 3, 1, 2, 3]


def test_a_document_that_is_not_indexed(index: Index, tmp_path: Path) -> None:
    questions = write(tmp_path / "q.jsonl", {"doc": "other.pdf", "question": "pump", "pages": [1]})
    with index:
        with pytest.raises(UnknownDocument, match=r"other\.pdf"):
            run(index, questions, "doc")
        row = run(index, questions, "library").row("library")
    assert row is not None and row.measures["R@10"] == 0.0


def test_the_gate_lets_an_equal_generation_pass(index: Index, tmp_path: Path) -> None:
    row = {"doc": "manual-1.pdf", "question": "Clean the door seal", "pages": [1, 2]}
    with index:
        assert gate(write(tmp_path / "q.jsonl", row))(index, index)


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"doc": "a.pdf"}', '{"question": "x"}', '{"doc": "a", "question": "x", "pages": ["y"]}']
)
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text('{"doc": "a.pdf", "question": "fine"}\n' + line + "\n")
    with pytest.raises(BadSettings, match="Line 2 of"):
        read_questions(path)


def test_files_that_cannot_be_used(index: Index, tmp_path: Path) -> None:
    with index:
        with pytest.raises(BadSettings, match=r"missing\.jsonl"):
            run(index, tmp_path / "missing.jsonl")
        with pytest.raises(BadSettings, match="doc, library or both"):
            run(index, write(tmp_path / "q.jsonl"), "everything")
        with pytest.raises(UnreadableImage, match=r"gone\.png"):
            run(
                index,
                write(tmp_path / "q.jsonl", {"doc": "manual-1.pdf", "image": "gone.png", "pages": [1]}),
                "library",
            )
