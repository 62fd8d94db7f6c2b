"""Several question sets: their files, their hits, the sum of ranks beside them, small libraries, and answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from made_documents import make_document
from made_runs import answered, ask

from rag.config import Settings
from rag.errors import BadSettings, UnknownDocument
from rag.evaluation.answer_measures import against, answer_measures
from rag.evaluation.answers import Answerer
from rag.evaluation.asking import documents_of, searched_words
from rag.evaluation.evaluate import run_questions, scopes_of
from rag.evaluation.gold import share_of_quote
from rag.evaluation.misses import MissClass, counts, markdown, misses
from rag.evaluation.questionset import Question, QuestionSet, Slice, read_questions, read_sets
from rag.evaluation.report_text import report_lines
from rag.evaluation.runs import BeforeRanking, GivenAnswer, QuestionResult, Run, read_runs, write_runs
from rag.evaluation.scores import report_of, together
from rag.evaluation.sets_text import below_lines, sets_lines
from rag.index import Index

COUNT = 5  # documents of the index


@pytest.fixture
def index(settings: Settings) -> Index:
    opened = Index.open(settings, create=True)
    for number in range(1, COUNT + 1):
        folder = opened.files.stage()
        opened.store(make_document(folder, number), folder)
    return opened


def write(path: Path, *rows: Mapping[str, object]) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def asked(number: int, **fields: object) -> dict[str, object]:
    return {"doc": f"manual-{number}.pdf", "question": "Clean the door seal", "pages": [1], "kinds": ["text"], **fields}


# -- files ---------------------------------------------------------------------------------------------------------


def test_every_field_of_a_question_is_read(tmp_path: Path) -> None:
    fields = {
        "history": ["How do I drain the tank?"],
        "answer": "Every 30 days",
        "answerable": True,
        "style": "symptom",
        "quote": "drained every 30 days",
        "quote_in": "text",
        "unknown": {"left": "alone"},
    }
    (question,) = read_questions(write(tmp_path / "q.jsonl", asked(1, **fields)))
    assert question.history == ("How do I drain the tank?",)
    assert (question.answer, question.answerable, question.style) == ("Every 30 days", True, "symptom")
    assert (question.quote, question.quote_in) == ("drained every 30 days", "text")
    assert Slice("style", "symptom") in question.slices
    (plain,) = read_questions(write(tmp_path / "q.jsonl", asked(1, answer=30, style=None, history=[])))
    assert (plain.answer, plain.style, plain.history, plain.answerable) == ("30", "", (), True)
    (leaning,) = read_questions(write(tmp_path / "q.jsonl", asked(1, history=["And?"])))
    assert Slice("style", "followup") in leaning.slices


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("history", "How?", 'history is "How\\?", not a list'),
        ("history", ["How?", 3], "history: 3 is not a text"),
        ("history", [""], 'history: "" is not a text'),
        ("answerable", "no", 'answerable is "no", neither true nor false'),
        ("answer", ["a"], 'answer is \\["a"\\], not a text'),
        ("answer", True, "answer is true, not a text"),
        ("pages", 3, "pages is 3, not a list"),
        ("pages", [0], "pages: 0 is not a page number from 1"),
        ("pages", [True], "pages: true is not a page number"),
        ("pages", [2.5], "pages: 2.5 is not a page number"),
        ("kinds", "table", 'kinds is "table", not a list'),
        ("style", 7, "style is 7, not a text"),
        ("quote", [], "quote is \\[\\], not a text"),
        ("image", {"a": 1}, "image is .*, not a text"),
        ("doc", 3, "doc is 3, not a text"),
        ("doc", "", "no doc"),
        ("boxes", [{"page": 1}], "boxes: .* is not like"),
        ("boxes", [{"page": 1, "bbox": [0, 0, 1]}], "boxes: .* is not like"),
        ("boxes", [{"page": 0, "bbox": [0, 0, 1, 1]}], "boxes: 0 is not a page number"),
        ("boxes", [{"page": 1, "bbox": [0, 0, 1, "x"]}], "not four numbers"),
        ("question", ["x"], "question is .*, not a text"),
    ],
)
def test_a_field_that_is_wrong_is_named_with_its_file_and_line(
    tmp_path: Path, field: str, value: object, said: str
) -> None:
    path = write(tmp_path / "q.jsonl", asked(1), asked(2, **{field: value}))
    with pytest.raises(BadSettings, match=f"Line 2 of .*q.jsonl is no question \\(.*{said}"):
        read_questions(path)


def test_sets_are_named_by_as_much_of_their_path_as_tells_them_apart(tmp_path: Path) -> None:
    one, other = (write(tmp_path / folder / "questions.jsonl", asked(1)) for folder in ("pumps", "ovens"))
    third = write(tmp_path / "ovens" / "shots.jsonl", asked(2))
    assert [found.name for found in read_sets([one, other, third])] == [
        "pumps/questions.jsonl",
        "ovens/questions.jsonl",
        "shots.jsonl",
    ]
    assert [found.name for found in read_sets([one])] == ["questions.jsonl"]
    with pytest.raises(BadSettings, match=r"questions\.jsonl is given twice"):
        read_sets([one, third, tmp_path / "ovens" / ".." / "pumps" / "questions.jsonl"])


# -- hits ----------------------------------------------------------------------------------------------------------


def sets_of(**questions: list[Question]) -> list[QuestionSet]:
    return [QuestionSet(f"{name}.jsonl", Path(f"{name}.jsonl"), tuple(every)) for name, every in questions.items()]


def test_runs_of_several_sets_are_one_file_and_come_back_whole(tmp_path: Path) -> None:
    full = replace(
        answered(ask(0), 2, words=3),
        baseline=(("0.pdf", 7), ("0.pdf", 1)),
        ranked=BeforeRanking({"words": 3}, candidate=True),
        answer=GivenAnswer("Yes [1].", False, (("0.pdf", 7),), 0.5),
    )
    sets = sets_of(pumps=[ask(0), ask(1)], ovens=[ask(0)])
    runs: dict[str, Run] = {
        "pumps.jsonl": {"doc": (full, answered(ask(1), 1)), "library of 3": (full,)},
        "ovens.jsonl": {"library": (answered(ask(0), 5),)},
    }
    path = tmp_path / "hits.jsonl"
    write_runs(path, runs)
    assert read_runs(path, sets) == runs
    assert read_runs(path, sets[1:]) == {"ovens.jsonl": runs["ovens.jsonl"]}
    longer = [QuestionSet("shelf/pumps.jsonl", Path("pumps.jsonl"), sets[0].questions)]
    assert read_runs(path, longer) == {"shelf/pumps.jsonl": runs["pumps.jsonl"]}
    with pytest.raises(BadSettings, match=r"holds none of the question sets given, but ovens\.jsonl, pumps\.jsonl"):
        read_runs(path, sets_of(lamps=[ask(0)]))


def test_hits_without_a_set_belong_to_the_only_one(tmp_path: Path) -> None:
    path = tmp_path / "hits.jsonl"
    path.write_text('{"id": 0, "scope": "doc", "seconds": 0.2, "hits": [{"doc": "0.pdf", "page": 7}]}\n')
    (run,) = read_runs(path, sets_of(pumps=[ask(0)])).values()
    (found,) = run["doc"]
    assert (found.baseline, found.ranked, found.answer) == (None, None, None)
    assert report_of(run).as_json()["measures"]["doc/all"]["R@1"] == 1.0
    assert misses({"doc": (answered(ask(0), 9),)})[0].kind == "unknown"
    with pytest.raises(BadSettings, match=r"does not tell which lines belong to which of pumps\.jsonl, ovens\.jsonl"):
        read_runs(path, sets_of(pumps=[ask(0)], ovens=[ask(0)]))


def test_a_question_file_may_be_renamed_after_its_hits_were_written(tmp_path: Path) -> None:
    write_runs(tmp_path / "hits.jsonl", {"old.jsonl": {"doc": (answered(ask(0), 1),)}})
    assert read_runs(tmp_path / "hits.jsonl", sets_of(new=[ask(0)])) == {"new.jsonl": {"doc": (answered(ask(0), 1),)}}


# -- scores --------------------------------------------------------------------------------------------------------


def beside(question: Question, rank: int, fused: int) -> QuestionResult:
    """The evidence page at ``rank``, and at ``fused`` by the sum of ranks."""
    pages = [(question.doc, page) for page in range(21, 31)]
    pages[fused - 1] = (question.doc, min(question.pages))
    return replace(answered(question, rank), baseline=tuple(pages))


def test_each_set_has_the_same_weight_however_many_questions_it_has() -> None:
    large = report_of({"library": [beside(ask(line), 1, 9) for line in range(30)]})
    small = report_of({"library": [beside(ask(0), 9, 1), beside(ask(1), 1, 1)], "doc": [answered(ask(0), 1)]})
    found = together([large, small])
    assert found["library"]["R@5"] == (0.75, 0.5)
    assert "doc" not in found, "only one of both was searched there"
    told = "\n".join(sets_lines({"large.jsonl": large, "small.jsonl": small}))
    assert "mean, each set the same weight" in told
    assert "large.jsonl" in told and "1.000  0.000" in told.replace("   ", "  ")


def test_a_slice_that_falls_below_the_sum_of_ranks_is_named() -> None:
    good = [beside(ask(line), 1, 1) for line in range(4)]
    bad = [beside(ask(line, ["table"]), 9, 2) for line in range(4, 6)]
    report = report_of({"library": [*good, *bad]})
    row = report.row("library", "table")
    assert row is not None and row.baseline["R@5"].mean == 1.0 and row.baseline["R@1"].mean == 0.0
    assert "region@5" not in row.baseline
    told = below_lines({"pumps.jsonl": report})
    assert "  pumps.jsonl, in the library, kind table: 0.000 < 1.000 (2 questions)" in told
    assert not any("kind text" in line for line in told)
    assert below_lines({"": report_of({"library": good})}) == [
        "R@5 is nowhere below the sum of ranks: in no scope and no slice"
    ]
    assert below_lines({"": report_of({"library": [answered(ask(0), 1)]})}) == []


def test_misses_are_classed_by_the_step_that_lost_them() -> None:
    def missed(line: int, ranked: BeforeRanking | None, doc: str = "") -> QuestionResult:
        found = replace(answered(ask(line), 9), ranked=ranked)
        return replace(found, hits=answered(ask(line, doc=doc), None).hits) if doc else found

    found = [
        missed(0, BeforeRanking({}, candidate=True)),
        missed(1, BeforeRanking({"words": 280}, candidate=False)),
        missed(2, BeforeRanking({"words": 2}, candidate=True), doc="other.pdf"),
        missed(3, BeforeRanking({"words": 12, "full text": 5}, candidate=True)),
        missed(4, BeforeRanking({"words": 12, "full text": 6}, candidate=True)),
        answered(ask(5), 5),
        replace(answered(ask(6), None), question=replace(ask(6), pages=frozenset())),
    ]
    classed: dict[int, MissClass] = {miss.question.line: miss.kind for miss in misses({"library": found})}
    assert classed == {
        0: "no channel",
        1: "not a candidate",
        2: "wrong document",
        3: "ranked below its channels",
        4: "low in every channel",
    }
    assert counts(misses({"library": found[3:4]})) == {"library": {"ranked below its channels": 1}}
    told = markdown({"pumps.jsonl": misses({"library": found}), "ovens.jsonl": []})
    assert "## pumps.jsonl, in the library: 5 missed" in told and "## ovens.jsonl: none missed" in told
    assert "- line 4: question 3\n  - evidence: 3.pdf p. 7 (text)\n  - found at 9 of 12 pages; " in told
    assert "channels: words 12, full text 5\n  - first is p. 1" in told
    assert "  - first is other.pdf p. 1" in told


# -- on a real index -----------------------------------------------------------------------------------------------


def test_a_follow_up_is_asked_with_what_it_leans_on(index: Index, tmp_path: Path) -> None:
    before = {"history": ["Where is figure 2, the door seal of model 1?"], "question": "and how often is it cleaned?"}
    alone, leaning = read_questions(
        write(tmp_path / "q.jsonl", asked(1, question=before["question"]), asked(1, **before))
    )
    assert searched_words(alone) == "and how often is it cleaned?"
    assert "door seal of model 1" in searched_words(leaning)
    with index:
        one, other = run_questions(index, [alone, leaning], ["library"])["library"]
    assert one.hits != other.hits
    assert other.hits[0].place.doc == "manual-1.pdf"


def test_a_run_has_the_sum_of_ranks_and_what_each_channel_found(index: Index, tmp_path: Path) -> None:
    questions = read_questions(
        write(tmp_path / "q.jsonl", asked(2), asked(3, question="Who won the cup?", pages=[], answerable=False))
    )
    with index:
        run = run_questions(index, questions, scopes_of("both"))
    first, none = run["doc"]
    assert first.baseline is not None and {doc for doc, _ in first.baseline} == {"manual-2.pdf"}
    assert (
        first.ranked is not None and first.ranked.candidate and {"full text", "words"} <= first.ranked.channels.keys()
    )
    assert none.ranked is None
    report = report_of(run)
    alone = report.channels["doc"]["words"]
    assert alone["n"] == 1 and alone["R@3"] == 1.0, "its document has two pages"
    assert "each channel alone" in "\n".join(report_lines(report))


def test_small_libraries_hold_the_question_s_document_and_grow(index: Index) -> None:
    question = Question(3, "Clean the door seal", None, "manual-2.pdf", frozenset([1]), (), ())
    with index:
        own = index.catalogue.find("manual-2.pdf").id
        drawn = [documents_of(index, question, f"library of {size}") for size in range(1, COUNT + 1)]
        assert drawn == [documents_of(index, question, f"library of {size}") for size in range(1, COUNT + 1)]
        others = [documents_of(index, replace(question, line=line), "library of 2") for line in range(12)]
        run = run_questions(index, [question], scopes_of("doc", [1, 3]))
        with pytest.raises(BadSettings, match="A library of 6 cannot be drawn: the index has 5 documents"):
            run_questions(index, [question], scopes_of("doc", [3, 6]))
        with pytest.raises(UnknownDocument, match="gone"):
            run_questions(index, [replace(question, doc="gone.pdf")], scopes_of("library", [2]))
    assert documents_of(index, question, "library") is None
    sizes = [len(docs or ()) for docs in drawn]
    assert sizes == [1, 2, 3, 4, 5] and all(own in (docs or ()) for docs in drawn)
    assert all((small or frozenset()) < (large or frozenset()) for small, large in pairwise(drawn))
    assert len(set(others)) > 1, "other questions get other libraries"
    assert list(run) == ["doc", "library of 1", "library of 3"]
    assert [hit.place for hit in run["doc"][0].hits] == [hit.place for hit in run["library of 1"][0].hits]
    assert 1 < len({hit.place.doc for hit in run["library of 3"][0].hits}) <= 3


def test_answers_are_scored_beside_the_hits(index: Index, tmp_path: Path) -> None:
    said = "To clean the heating element of model 1, open flap 10 and turn the screw."
    rows = [
        asked(1, question="Which flap is opened to clean the heating element?", answer="Flap 10", quote=said),
        asked(1, question="What does error code JX-4711 mean?", pages=[], answerable=False),
    ]
    questions = read_questions(write(tmp_path / "q.jsonl", *rows))
    with index:
        run = run_questions(index, questions, ["doc"], answerer=Answerer(None))
    first, none = (found.answer for found in run["doc"])
    assert first is not None and "flap 10" in first.text
    assert ("manual-1.pdf", 1) in first.cited
    assert none is not None and none.refused
    report = report_of(run)
    row = report.row("doc")
    assert row is not None and row.measures["answered"] == 1.0 and row.measures["cites page"] == 1.0
    assert row.measures["cites quote"] > 0.5
    assert report.unanswerable["doc"].answered == 1 and report.unanswerable["doc"].refused == 1
    assert "of 1 questions without an answer 1 were declined" in "\n".join(report_lines(report))


# -- answers -------------------------------------------------------------------------------------------------------


def test_an_answer_against_the_right_one() -> None:
    assert against("4 hours", "4 hours.") == {"exact": 1.0, "F1": 1.0, "words": 1.0, "numbers": 1.0}
    found = against("4 hours", "The machine must stand for 4 hours [1] before it is switched on.")
    assert found["exact"] == 0.0 and found["words"] == 1.0 and found["numbers"] == 1.0 and 0.2 < found["F1"] < 0.5
    assert against("4 hours", "It must stand for 240 min [1].")["numbers"] == 1.0
    assert against("4 hours", "It must stand for 5 hours [4].")["numbers"] == 0.0, "a marker is no number"
    assert against("Größe 3", "grosse 3")["exact"] == 1.0
    assert "numbers" not in against("The red lamp", "A red lamp")
    assert against("The red lamp", "A red lamp") == {"exact": 1.0, "F1": 1.0, "words": 1.0}
    assert against("yes", "") == {"exact": 0.0, "F1": 0.0, "words": 0.0}


def test_what_an_answer_cites() -> None:
    question = replace(ask(0), answer="")
    given = GivenAnswer("See there [1].", False, (("0.pdf", 3), ("0.pdf", 7)))
    assert answer_measures(question, given) == {"answered": 1.0, "cites page": 1.0}
    other = GivenAnswer("See there [1].", False, (("1.pdf", 7),), 0.25)
    assert answer_measures(question, other) == {"answered": 1.0, "cites page": 0.0, "cites quote": 0.25}
    assert share_of_quote("drain the tank weekly", ["Always drain the tank weekly!", "drain"]) == 1.0
    assert share_of_quote("drain the tank weekly", ["drain the tank", "tank weekly"]) == pytest.approx(2 / 3)
    assert share_of_quote("3262", ["is programmed to 3262"]) == 1.0
    assert share_of_quote("drain", []) == 0.0
