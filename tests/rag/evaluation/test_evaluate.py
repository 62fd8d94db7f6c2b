"""Question files, hits files, and whole runs on a real index."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from made_documents import make_document
from made_runs import answered, ask, read_run, write_run
from PIL import Image
from tiny_models import save_tiny_sentence

from ingestion.errors import UnreadableImage
from rag.config import Settings
from rag.errors import BadSettings, UnknownDocument
from rag.evaluation.compare import compare
from rag.evaluation.evaluate import description_of, generation_named, run_questions, scopes_of
from rag.evaluation.explain import explained
from rag.evaluation.questionset import Question, Slice, read_questions
from rag.evaluation.report_text import comparison_lines, report_lines
from rag.evaluation.runs import QuestionResult
from rag.evaluation.scores import Report, report_of, score
from rag.index import Index
from rag.types import SAME_PICTURE, Progress


@pytest.fixture
def index(settings: Settings) -> Index:
    opened = Index.open(settings, create=True)
    for number in (1, 2):
        folder = opened.files.stage()
        opened.store(make_document(folder, number), folder)
    return opened


def write(path: Path, *rows: Mapping[str, object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def run(
    index: Index,
    questions: Path,
    scope: str = "both",
    hits: Path | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Report:
    """What the command ``eval`` does: read, search, write the hits, score."""
    searched = run_questions(index, read_questions(questions), scopes_of(scope), progress)
    if hits is not None:
        write_run(hits, searched)
    return report_of(searched)


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
    assert lines[0]["hits"][0]["channels"]["full text"]["rank"] == 1
    assert lines[0]["seconds"] > 0
    row = found.row("doc")
    assert row is not None and row.questions == 2 and row.measures["R@3"] == 1.0
    assert found.row("library", "clean") is not None
    assert found.as_json()["measures"]["doc/figure"]["region@1"] == 1.0
    assert found.as_json()["unanswerable"]["doc"]["n"] == 1
    assert seen == [1, 2, 3, 1, 2, 3]


def test_a_hits_file_read_again_scores_the_same(index: Index, tmp_path: Path) -> None:
    rows = [
        {"doc": f"manual-{n}.pdf", "question": "Clean the door seal", "pages": [1], "kinds": ["text"]} for n in (1, 2)
    ]
    path = write(tmp_path / "q.jsonl", *rows)
    with index:
        first = run(index, path, "both", tmp_path / "hits.jsonl")
    again = report_of(read_run(tmp_path / "hits.jsonl", read_questions(path)))
    assert again.rows == first.rows


def test_two_generations_of_one_index_are_searched_each_by_its_own_vectors(index: Index, tmp_path: Path) -> None:
    path = write(tmp_path / "q.jsonl", {"doc": "manual-1.pdf", "question": "Clean the door seal", "pages": [1]})
    questions = read_questions(path)
    with index:
        assert index.reindex(words=str(save_tiny_sentence(tmp_path / "random")))
        live, previous = (generation_named(index, name) for name in ("live", "previous"))
        assert live.encoder.dim != previous.encoder.dim
        scores = [
            [hit.channels["words"].score for hit in run_questions(one, questions, ["library"])["library"][0].hits]
            for one in (live, previous)
        ]
        assert scores[0] and scores[1] and scores[0] != scores[1]
        assert generation_named(index, "1").generation == previous.generation
        assert description_of(previous) == "generation 1 (previous, builtin + static)"
        without = description_of(previous, frozenset(["words"]))
        assert without == "generation 1 (previous, builtin + static), without words"
        folder = index.files.stage()
        index.store(make_document(folder, 3), folder)
        assert "lacks 1 documents added since" in description_of(previous) and "lacks" not in description_of(live)
        with pytest.raises(BadSettings, match=r"no generation 'blue'.*1 \(previous"):
            generation_named(index, "blue")


def test_a_page_that_was_not_returned_is_told_by_the_ranks_of_the_channels(index: Index) -> None:
    asked = Question(0, "Figure 2: valve A of model 1", None, "manual-1.pdf", frozenset([2]), ("figure",), ())
    none = replace(asked, line=1, text="xyzzyplugh", pages=frozenset([99]))
    before = {"library": [answered(asked, 1), answered(none, 1)]}
    after = {"library": [answered(asked, None), answered(none, None)]}
    (compared,) = compare(before, after)
    with index:
        (flip, lost) = explained(compared, None, index).flips
        kept = explained(compared, index, None).flips[0]
    assert flip.before == compared.flips[0].before
    assert flip.after.channels is not None
    assert flip.after.channels["full text"] == 1 and flip.after.channels["words"] >= 1
    assert lost.after.channels == {}
    assert kept.after.channels is None
    told = "\n".join(comparison_lines([replace(compared, flips=(flip, lost))]))
    assert "not among 12 returned (full text 1, words " in told
    assert "not among 12 returned (no channel proposes it)" in told


def test_a_document_that_is_not_indexed(index: Index, tmp_path: Path) -> None:
    questions = write(tmp_path / "q.jsonl", {"doc": "other.pdf", "question": "pump", "pages": [1]})
    with index:
        with pytest.raises(UnknownDocument, match=r"other\.pdf"):
            run(index, questions, "doc")
        row = run(index, questions, "library").row("library")
    assert row is not None and row.measures["R@10"] == 0.0


def test_means_by_slice_leave_out_questions_without_evidence() -> None:
    found = [
        answered(ask(0, ["table"], kind="Manual"), 1),
        answered(ask(1, ["table", "text"]), 2),
        answered(Question(2, "?", None, "a.pdf", frozenset(), ("text",), ()), 1),
    ]
    rows = {row.slice: (row.questions, row.measures["R@1"]) for row in score(found, "doc")}
    assert rows == {
        Slice("all", "all"): (2, 0.5),
        Slice("kind", "table"): (2, 0.5),
        Slice("kind", "text"): (1, 0.0),
        Slice("type", "Manual"): (1, 1.0),
        Slice("direction", "words → picture"): (1, 1.0),
        Slice("direction", "words → text and picture"): (1, 0.0),
    }


def test_pictures_that_stand_nowhere_and_were_said_to() -> None:
    nowhere = [replace(ask(line, picture=True), pages=frozenset()) for line in range(3)]
    shown = [answered(nowhere[0], 1, **{SAME_PICTURE: 1}), answered(nowhere[1], 1, words=1)]
    found = [*shown, QuestionResult(nowhere[2], (), 0.1)]
    scored = report_of({"library": found})
    assert scored.as_json()["unanswerable"] == {"library": {"n": 3, "empty": 1, "pictures": 3, "claimed": 1}}
    told = "\n".join(report_lines(report_of({"library": [*found, answered(ask(9), 1)]})))
    assert "of 3 pictures without evidence 1 were said to stand somewhere" in told


def _kinds(line: int) -> list[str]:
    return ["text"] if line > 3 else ["chart"]


def test_what_people_are_shown() -> None:
    before = {"library": [answered(ask(line, _kinds(line)), 1, words=2) for line in range(6)]}
    after = {"library": [answered(ask(line, _kinds(line)), 9 if line == 4 else 1) for line in range(6)]}
    shown = "\n".join(report_lines(report_of(after)))
    assert "6 questions with evidence in 6 documents" in shown
    assert "R@5" in shown and "0.833 [" in shown and "chart" in shown and "words → picture" in shown
    told = "\n".join(comparison_lines(compare(before, after), "old.jsonl", "generation 2"))
    assert "R@5: 1 lost, 0 found" in told
    assert "before: old.jsonl\nafter:  generation 2" in told
    assert max(map(len, told.splitlines())) <= 100
    assert "R@5       … among 5 pages       1.000  0.833  -0.167 [-0.500, +0.000]     1     0" in told
    assert "R@10      … among 10 pages      1.000  1.000  –" in told
    assert "kind      text                          2  1.000  0.500  -0.500                      1     0\n" in told
    assert "kind      chart   " not in told and "R@5: no question of the other 2 slices is lost or found" in told
    assert "− lost  4: question 4" in told
    assert "before: p. 7 at 1 (words 2)" in told
    assert "after:  p. 7 at 9; first is p. 1" in told
    assert report_lines(report_of({})) == ["nothing to score: no question has evidence pages"]


NESTED = '{"doc": ' * 100_000


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"doc": "a.pdf"}',
        '{"question": "x"}',
        '{"doc": "a", "question": "x", "pages": ["y"]}',
        '{"doc": "a", "question": "x", "pages": [Infinity]}',
        pytest.param(NESTED, id="nested"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text('{"doc": "a.pdf", "question": "fine"}\n' + line + "\n")
    with pytest.raises(BadSettings, match="Line 2 of"):
        read_questions(path)


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"id": 9, "scope": "doc", "hits": []}',
        '{"id": 0, "scope": "shelf", "hits": []}',
        '{"id": 0, "scope": "doc", "hits": [{}]}',
        '{"id": 0, "scope": "doc", "hits": [{"doc": "a", "page": 1e999}]}',
        pytest.param(NESTED, id="nested"),
    ],
)
def test_a_bad_line_of_hits_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "hits.jsonl"
    path.write_text('{"id": 0, "scope": "doc", "hits": [{"doc": "a.pdf", "page": 1}]}\n' + line + "\n")
    with pytest.raises(BadSettings, match="Line 2 of"):
        read_run(path, [ask(0)])
    with pytest.raises(BadSettings, match=r"gone\.jsonl"):
        read_run(tmp_path / "gone.jsonl", [ask(0)])


def test_of_two_lines_for_one_question_the_first_counts(tmp_path: Path) -> None:
    path = tmp_path / "hits.jsonl"
    write_run(path, {"doc": [answered(ask(0), 1), answered(ask(0), 5)]})
    (found,) = read_run(path, [ask(0)])["doc"]
    assert found == answered(ask(0), 1)


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
