"""Answers judged: where the right answer stands, what is cited, refusals, runs beside each other, and the listing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from made_documents import make_document
from made_runs import BOX, ask, read_run, run, write_run

from ingestion.elements import BBox
from rag.config import Settings
from rag.errors import BadSettings, ModelError, ModelUnreachable
from rag.evaluation.answer_measures import Verdict, judged, verdict
from rag.evaluation.answer_scores import Refusals, compare_answers, listing, score_answers
from rag.evaluation.answers import Answerer
from rag.evaluation.answers_text import answer_lines, comparison_of_answers
from rag.evaluation.evaluate import run_questions
from rag.evaluation.gold import holds, items_of, parts_of, said_parts, share_of_words
from rag.evaluation.questionset import Question, Slice, read_questions
from rag.evaluation.runs import CitedPlace, GivenAnswer, GoldSeen, QuestionResult
from rag.index import Index
from rag.llm.base import Message

ELSEWHERE = BBox(300.0, 300.0, 400.0, 400.0)


# -- whether a text holds the right answer -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "answer_format", "text", "held"),
    [
        ("1200", "Int", "| Price | 1,200 EUR |", True),
        ("1,200", "Int", "1200", True),
        ("1200", "Int", "1.200 Stück", True),
        ("12", "Int", "1200", False),
        ("12", "Int", "E12 and X12", False),
        ("37%", "Float", "37 percent of them", True),
        ("0.37", "Float", "a share of 37 %", True),
        ("37%", "Float", "3.7 % of them", False),
        ("2.5", "Float", "2.50", True),
        ("1.2 kW", "Float", "Heater, 1200 W", True),
        ("1.2 kW", "Float", "Heater, 1200 V", False),
        ("3.1 billion", "Float", "3,100 million", True),
        ("$541", "Int", "It costs 541 dollars.", True),
        ("The Red Lamp", "Str", "the lamp is lit", False),
        ("The Red Lamp", "Str", "that is a “red lamp”.", True),
        ("Größe", "Str", "GROSSE: 4", True),
        ("health care", "Str", "of healthcare", True),
        ("care", "Str", "carefully", False),
        ("1,884 people", "Str", "of 1884 people", True),
        ("3 hours", "Str", "180 min", True),
        ("过滤器", "Str", "请清洗过滤器。", True),
        ("['oil', '3']", "List", "3 litres of oil", True),
        ("['oil', 'water']", "List", "3 litres of oil", False),
        ("not there", "Str", "", False),
        ("A", "Str", "panel A", True),
        ("A", "Str", "panel B", False),
    ],
)
def test_a_right_answer_in_a_text(answer: str, answer_format: str, text: str, held: bool) -> None:
    assert holds([text], parts_of(answer, answer_format)) is held


def test_the_items_of_a_list_may_stand_in_different_texts() -> None:
    parts = parts_of("['Citibank N.A.', 'Bank of India']", "List")
    assert holds(["x: CITIBANK, N.A.", "the Bank of India"], parts)
    assert not holds(["x: CITIBANK, N.A."], parts)
    assert items_of("['a man's hat', 'b']") == ["a man's hat", "b"], "a quotation mark too many"
    assert items_of('["a", 3]') == ["a", "3"]
    assert items_of("[]") == [] and not holds(["anything"], parts_of("[]", "List"))
    assert items_of("oil; water") == ["oil", "water"]
    assert items_of("[" * 5000) == [], "no list, but no crash either"


def test_a_long_right_answer_may_miss_a_word() -> None:
    long = "identify the entities expressed by each sentence and locate each entity"
    assert holds([long.replace("expressed by", "expressed  in") + " to words"], parts_of(long, "Str"))
    assert not holds(["identify the entities; locate each sentence"], parts_of(long, "Str"))


def test_a_free_answer_is_looked_for_by_its_quote_in_evidence_and_by_either_in_an_answer() -> None:
    answer, quote = "No, wait 4 hours before it is switched on again.", "must stand still for four hours"
    evidence, said = parts_of(answer, "", quote), said_parts(answer, "", quote)
    assert holds(["It MUST stand still for\nfour hours."], evidence)
    assert not holds([answer], evidence)
    assert any(holds(["It must stand still for four hours."], parts) for parts in said)
    assert any(holds(["Wait 4 hours before it is switched on."], parts) for parts in said)
    assert not any(holds(["Wait 5 hours before it is switched on again."], parts) for parts in said)
    assert share_of_words("Wait 4 hours", "wait 240 min") == pytest.approx(1 / 3), "its number, and one of three words"
    assert parts_of("3262")[0].way == "value" and parts_of("", "", "") == () and said_parts("") == ()


def test_yes_and_no_are_the_first_word_of_an_answer_and_in_no_evidence() -> None:
    assert parts_of("No", "Str") == () and parts_of("Yes.") == ()
    for text, right in (
        ("No: it stands still [1].", True),
        ("**Nein**, es steht.", True),
        ("There is no water.", False),
    ):
        assert any(holds([text], parts) for parts in said_parts("No", "Str")) is right, text
    assert holds(["No water"], parts_of("No water", "Str")), "a sentence that begins so is another answer"


def test_an_answer_format_that_is_none_is_named(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    line: dict[str, object] = {"doc": "a.pdf", "question": "How many?", "answer": "3"}
    path.write_text(json.dumps(line | {"answer_format": "int", "language": "de"}), encoding="utf-8")
    (question,) = read_questions(path)
    assert question.answer_format == "Int"
    assert {Slice("format", "Int"), Slice("language", "de")} <= set(question.answer_slices)
    asked = replace(question, text="Wie viel wiegt die Trommel?", language="")
    assert {Slice("asks", "value"), Slice("language", "de")} <= set(asked.answer_slices), "told from its words"
    assert Slice("format", "Int") not in question.slices, "the gate judges by what is searched for"
    path.write_text(json.dumps(line | {"answer_format": "None"}), encoding="utf-8")
    assert read_questions(path)[0].answer_format == ""
    path.write_text(json.dumps(line | {"answer_format": "Date"}), encoding="utf-8")
    with pytest.raises(
        BadSettings, match=r'Line 1 of .*answer_format is "Date"; it can be Int, Float, Str, List or None'
    ):
        read_questions(path)


# -- what becomes of a question ------------------------------------------------------------------------------------


def given(text: str, *places: CitedPlace, gold: GoldSeen | None = None, **more: Any) -> GivenAnswer:
    pages = tuple(dict.fromkeys((place.doc, place.page) for place in places))
    shown = more.pop("shown", pages)
    more = {"refused": False, "seconds": 0.5, "searching": 0.1} | more
    return GivenAnswer(text, cited=pages, places=places, shown=shown, gold=gold, **more)


def place(page: int, doc: str = "0.pdf", box: BBox = BOX, supported: bool = True) -> CitedPlace:
    return CitedPlace(page, doc, page, box, supported)


QUESTION = replace(ask(0), answer="4 hours", answer_format="Str", boxes=((7, BOX),))
NONE = replace(ask(1), answerable=False, pages=frozenset())
HELD = GoldSeen(pages=True, shown=True, cited=True, there=True)


def test_the_measures_of_an_answer_that_is_right() -> None:
    found = judged(QUESTION, given("Wait 240 min [1].", place(7), place(3, supported=False), gold=HELD))
    assert found == {
        "characters": 17.0,
        "citations": 2.0,
        "supported": 0.5,
        "refused": 0.0,
        "gold said, all": 1.0,
        "gold said": 1.0,
        "gold cited": 1.0,
        "gold cited there": 1.0,
        "gold shown": 1.0,
        "page shown": 1.0,
        "first cited": 1.0,
        "any cited": 1.0,
        "stray cited": 1.0,
        "box cited": 1.0,
    }


def test_what_the_claim_check_says_is_counted_where_it_is_known() -> None:
    doubted = replace(place(3, supported=False), support="unsupported"), replace(place(7), support="weak")
    found = judged(QUESTION, given("Wait 240 min [1].", *doubted, doubts=2))
    assert (found["supported"], found["weak"], found["doubts"]) == (0.5, 0.5, 2.0)


def test_the_measures_of_one_that_is_not() -> None:
    wrong = given("Wait [4] days.", place(3), place(7, "1.pdf"), place(7, box=ELSEWHERE), gold=HELD)
    found = judged(QUESTION, wrong)
    assert found["gold said"] == 0.0, "a marker is no number"
    assert (found["first cited"], found["any cited"], found["stray cited"], found["box cited"]) == (0.0, 1.0, 1.0, 0.0)
    uncited = judged(QUESTION, given("Wait.", gold=HELD))
    assert (uncited["first cited"], uncited["any cited"], uncited["stray cited"]) == (0.0, 0.0, 0.0)
    assert "supported" not in uncited and uncited["citations"] == 0.0


def test_the_number_of_a_page_or_figure_is_no_answer_unless_it_is_asked_for() -> None:
    several = replace(QUESTION, text="How many lamps are there?", answer="7", answer_format="Int")
    for text in ("Figure 7 on page 7 shows it [7].", "Siehe Abb. 7 auf Seite 7-7 [7].", "Table 7: lamps"):
        assert judged(several, given(text, gold=HELD))["gold said"] == 0.0, text
    assert judged(several, given("Figure 2 shows 7 lamps [7].", gold=HELD))["gold said"] == 1.0
    for asked in ("On which page is the lamp?", "What is the figure that shows it?", "Auf welcher Seite ist sie?"):
        placed = replace(several, text=asked)
        assert judged(placed, given("Figure 7 on page 7 shows it.", gold=HELD))["gold said"] == 1.0, asked


def test_what_no_text_holds_counts_only_among_all() -> None:
    unheld = GoldSeen(pages=False, shown=False, cited=False, there=False)
    found = judged(QUESTION, given("Wait 5 hours [7].", place(7), gold=unheld))
    assert found["gold said, all"] == 0.0 and "gold said" not in found and "gold shown" not in found


def test_refusals_are_right_or_wrong() -> None:
    refused = given("I could not find this in the documents.", gold=HELD, refused=True, shown=(("0.pdf", 7),))
    found = judged(QUESTION, refused)
    assert found["refused"] == 1.0 and found["refusal right"] == 0.0 and found["gold said"] == 0.0
    assert "first cited" not in found and "citations" not in found and found["page shown"] == 1.0
    assert judged(NONE, given("No.", refused=True)) == {"refusal right": 1.0, "declined": 1.0}
    assert judged(NONE, given("Blue [3].", place(3)))["declined"] == 0.0
    scores = score_answers(run([result(QUESTION, refused), result(NONE, given("No.", refused=True))]))["library"]
    assert scores.refusals == Refusals(2, 1, 0.5, 1.0)
    assert scores.refusals.f1 == pytest.approx(2 / 3)
    answered = score_answers(run([result(QUESTION, given("Yes."))]))["library"]
    assert answered.refusals == Refusals(0, 0, None, None)
    assert answered.refusals.f1 is None


@pytest.mark.parametrize(
    ("question", "answer", "became"),
    [
        (QUESTION, given("4 hours [7].", place(7), gold=HELD), "said"),
        (QUESTION, given("See there [7].", place(7), gold=HELD), "cited, not said"),
        (QUESTION, given("See [7].", place(7), gold=replace(HELD, there=False)), "other piece cited"),
        (QUESTION, given("See [7].", place(7), gold=replace(HELD, there=False, pages=False)), "page cited"),
        (QUESTION, given("See [3].", place(3), gold=replace(HELD, there=False), shown=(("0.pdf", 7),)), "page shown"),
        (QUESTION, given("See [3].", place(3), gold=replace(HELD, there=False)), "not shown"),
        (QUESTION, given("No.", refused=True, gold=HELD), "refused, though shown"),
        (QUESTION, given("No.", refused=True, gold=None), "refused"),
        (replace(QUESTION, pages=frozenset()), given("See [3].", place(3)), "answered"),
        (QUESTION, given("See [3].", place(3), shown=None), "unknown"),
        (QUESTION, given("", failed="The server is gone"), "failed"),
        (NONE, given("No.", refused=True), "declined"),
        (NONE, given("Blue [3].", place(3)), "answered none"),
    ],
)
def test_what_became_of_a_question(question: Question, answer: GivenAnswer, became: Verdict) -> None:
    assert verdict(question, answer) == became


# -- runs ----------------------------------------------------------------------------------------------------------


def result(question: Question, answer: GivenAnswer | None) -> QuestionResult:
    return QuestionResult(question, (), 0.01, answer=answer)


def library_of_answers(good: Sequence[int], count: int = 12) -> list[QuestionResult]:
    """Questions about as many documents; those in ``good`` are answered right, and say so."""
    found = []
    for line in range(count):
        question = replace(ask(line), answer="4 hours", answer_format="Str" if line % 2 else "Int", language="en")
        text, page, sure = ("4 hours [7].", 7, "high") if line in good else ("Ask us [3].", 3, "low")
        answer = given(
            text, place(page, f"{line}.pdf"), gold=replace(HELD, cited=line in good, there=line in good), sure=sure
        )
        found.append(result(question, answer))
    return found


def test_scores_have_slices_intervals_steps_and_folds() -> None:
    found = library_of_answers(good=range(9))
    scores = score_answers(run([*found, result(ask(99), None)]))["library"]
    said = scores.every.estimates["gold said"]
    assert scores.every.questions == 12 and said.mean == 0.75, "what was not answered is not counted"
    assert said.low is not None and said.low < 0.75 < (said.high or 0)
    assert {row.slice for row in scores.rows} >= {Slice("format", "Int"), Slice("language", "en")}
    assert [(step.name, step.questions, step.estimates["gold said"].mean) for step in scores.steps] == [
        ("high", 9, 1.0),
        ("low", 3, 0.0),
    ]
    assert scores.verdicts == {"said": 9, "not shown": 3}
    assert scores.whole is not None and scores.whole.p50 == 0.5
    assert scores.writing is not None and scores.writing.p50 == pytest.approx(0.4)
    assert scores.by_document["11.pdf"]["gold said"] == 0.0 and len(scores.by_document) == 12
    assert json.loads(json.dumps(scores.as_json()))["confidence"][0]["step"] == "high"
    text = "\n".join(answer_lines({"a.jsonl": {"library": scores}, "b.jsonl": {"library": scores}}))
    assert "12 of 12" in text and "how sure (a.jsonl)" in text and "format    Int" in text and "refusing: F1" in text
    assert answer_lines({}) == []


def test_two_runs_are_compared_answer_by_answer() -> None:
    before, after = run(library_of_answers(good=range(4))), run(library_of_answers(good=range(2, 10)))
    compared = compare_answers(before, after)["library"]
    change = compared.slices[0].changes["gold said"]
    assert change.before == pytest.approx(4 / 12) and change.after == pytest.approx(8 / 12)
    assert (change.lost, change.found) == (2, 6) and change.difference.low is not None
    assert len(compared.moved) == 8 and compared.moved[0][1:] == ("said", "not shown")
    text = "\n".join(comparison_of_answers("", compared))
    assert "0: question 0: said → not shown" in text and "gold cited" in text
    json.dumps(compared.as_json())
    assert compare_answers(before, run([result(ask(0), None)])) == {}


def test_answers_come_back_from_a_hits_file(tmp_path: Path) -> None:
    found = library_of_answers(good=range(3))
    path = tmp_path / "hits.jsonl"
    write_run(path, run(found))
    questions = [one.question for one in found]
    assert read_run(path, questions) == run(found)
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for row in rows:
        row["answer"] = {name: row["answer"][name] for name in ("text", "refused", "cited", "quoted")}
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    old = read_run(path, questions)
    assert judged(questions[0], old["library"][0].answer or given(""))["first cited"] == 1.0, "of an earlier version"
    assert score_answers(old)["library"].whole is None


def test_the_answers_of_an_index_say_where_the_right_answer_stands(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    rows: list[dict[str, object]] = [
        {"question": "Which flap is opened to clean the heating element?", "answer": "Flap 10", "pages": [1]},
        {"question": "Which flap is opened to clean the heating element?", "answer": "Flap 99", "pages": [1]},
        {"question": "Which colour has the moon of Jupiter?", "answerable": False, "pages": []},
    ]
    path.write_text("".join(json.dumps({"doc": "manual-1.pdf", "answer_format": "Str"} | row) + "\n" for row in rows))
    with Index.open(settings, create=True) as index:
        for number in (1, 2):
            folder = index.files.stage()
            index.store(make_document(folder, number), folder)
        found = run_questions(index, read_questions(path), ["doc", "library"], answerer=Answerer(None))
    right, absent, none = (one.answer for one in found["doc"])
    assert right is not None and right.gold == HELD and right.places and right.model == "quotes"
    assert right.seconds and right.searching and 0 < right.searching < right.seconds
    assert right.shown and ("manual-1.pdf", 1) in right.shown
    assert absent is not None and absent.gold == GoldSeen(pages=False, shown=False, cited=False, there=False)
    assert none is not None and none.gold is None
    lines = listing(found, "mine")
    assert len(lines) == 6 and lines[0]["verdict"] == "said" and lines[0]["gold"] == "Flap 10"
    assert lines[0]["cited"][0]["evidence_page"] and lines[0]["cited"][0]["doc"] == "manual-1.pdf"
    json.dumps(lines)


class FailsAt:
    """A model that answers all questions but one."""

    name = "fails"

    def __init__(self, failing: int) -> None:
        self.asked, self.failing = 0, failing

    def sees_pictures(self) -> bool:
        return False

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        self.asked += 1
        if self.asked == self.failing:
            raise ModelUnreachable("The server is gone")
        yield "It is flap 10 [1]."


def test_a_model_that_fails_once_has_failed_that_question(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    row = {"doc": "manual-1.pdf", "question": "Which flap is opened?", "answer": "flap 10", "pages": [1]}
    path.write_text(json.dumps(row) + "\n" + json.dumps(row) + "\n", encoding="utf-8")
    with Index.open(settings, create=True) as index:
        folder = index.files.stage()
        index.store(make_document(folder, 1), folder)
        questions = read_questions(path)
        found = run_questions(index, questions, ["doc"], answerer=Answerer(FailsAt(2)))
        with pytest.raises(ModelError, match="The server is gone"):
            run_questions(index, questions, ["doc"], answerer=Answerer(FailsAt(1)))
    first, second = (one.answer for one in found["doc"])
    assert first is not None and not first.failed and first.processor is not None
    assert second is not None and second.failed == "The server is gone" and second.gold is not None
    scores = score_answers(found)["doc"]
    assert scores.verdicts == {"said": 1, "failed": 1} and scores.every.estimates["gold said"].mean == 0.5
