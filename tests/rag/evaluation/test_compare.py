"""Two runs beside each other: differences, flips and why, on literals."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_runs import RIGHT, answered, ask, hit, run

from ingestion.elements import BBox
from rag.evaluation.compare import compare
from rag.evaluation.questionset import EVERY, Slice
from rag.evaluation.runs import QuestionResult


def test_differences_are_paired_by_question_not_by_place_in_the_file() -> None:
    questions = [ask(line) for line in range(10)]
    before = [answered(question, 1 if question.line < 5 else 6) for question in questions]
    after = [answered(question, 1) for question in reversed(questions)]
    (found,) = compare(run(before), run(after))
    (whole, *_) = found.slices
    change = whole.changes["R@5"]
    assert whole.slice == EVERY and whole.questions == whole.documents == 10
    assert (change.before, change.after, change.difference.mean) == (0.5, 1.0, 0.5)
    assert change.difference.low is not None and change.difference.low > 0
    assert [flip.question.line for flip in found.flips] == [5, 6, 7, 8, 9]
    assert not any(flip.lost for flip in found.flips)


def test_equal_runs_have_no_difference_and_no_flips() -> None:
    found = [answered(ask(line), 3) for line in range(8)]
    (same,) = compare(run(found), run(found))
    assert same.flips == ()
    assert all(c.difference[:3] == (0.0, 0.0, 0.0) for part in same.slices for c in part.changes.values())


def test_a_flip_says_where_the_page_stood_and_who_found_it() -> None:
    asked = ask(3)
    before, after = answered(asked, 2, words=4, **{"full text": 1}), answered(asked, 8, words=90)
    (found,) = compare(run([before]), run([after]))
    (flip,) = found.flips
    assert flip.lost and flip.question == asked
    assert (flip.before.rank, flip.before.page) == (2, RIGHT)
    assert flip.before.channels == {"words": 4, "full text": 1}
    assert (flip.after.rank, flip.after.channels) == (8, {"words": 90})
    assert flip.after.first is not None and flip.after.first.page == 1


def test_a_page_is_seen_by_the_best_of_its_hits() -> None:
    asked = ask(0)
    hits = (hit("0.pdf", 1), hit("0.pdf", RIGHT, {"words": 9}), hit("0.pdf", RIGHT, {"words": 2, "full text": 5}))
    (found,) = compare(run([QuestionResult(asked, hits, 0.1)]), run([answered(asked, None)]))
    (flip,) = found.flips
    assert (flip.before.rank, flip.before.channels) == (2, {"words": 2, "full text": 5})
    assert (flip.after.rank, flip.after.depth) == (None, 12)


def test_lost_questions_come_first() -> None:
    before = [answered(ask(0), 9), answered(ask(1), 1)]
    after = [answered(ask(0), 1), answered(ask(1), 9)]
    (found,) = compare(run(before), run(after))
    assert [(flip.lost, flip.question.line) for flip in found.flips] == [(True, 1), (False, 0)]


def test_flips_by_box_look_at_hits() -> None:
    evidence, elsewhere = BBox(0, 0, 100, 100), BBox(200, 200, 300, 300)
    asked = replace(ask(0), boxes=((RIGHT, evidence),))
    far, fits = hit("0.pdf", RIGHT, box=elsewhere), hit("0.pdf", RIGHT, {"words": 3}, evidence)
    before, after = QuestionResult(asked, (far, far, fits), 0.1), QuestionResult(asked, (far, far, far), 0.1)
    assert compare(run([before]), run([after]))[0].flips == ()
    (found,) = compare(run([before]), run([after]), flip="region@5")
    (flip,) = found.flips
    assert flip.lost and (flip.before.rank, flip.after.rank) == (3, None)


def test_slices_are_compared_each_on_its_own() -> None:
    texts = [ask(line) for line in range(6)]
    shots = [ask(line, ["figure"], picture=True, kind="Manual") for line in range(6, 12)]
    before = [answered(question, 1) for question in (*texts, *shots)]
    after = [answered(question, 1) for question in texts] + [answered(question, None) for question in shots]
    (found,) = compare(run(before), run(after))
    moved = {part.slice: part.changes["R@10"].difference.mean for part in found.slices}
    assert moved == {
        EVERY: -0.5,
        Slice("kind", "figure"): -1.0,
        Slice("kind", "text"): 0.0,
        Slice("type", "Manual"): -1.0,
        Slice("direction", "picture → picture"): -1.0,
        Slice("direction", "words → text"): 0.0,
    }


def test_only_common_scopes_and_questions_are_compared() -> None:
    before = {**run([answered(ask(0), 1)], "doc"), **run([answered(ask(0), 1), answered(ask(1), 1)])}
    (found,) = compare(before, run([answered(ask(1), 1), answered(ask(2), 1)]))
    assert (found.scope, found.slices[0].questions, found.only_before, found.only_after) == ("library", 1, 1, 1)


def test_seconds_are_compared() -> None:
    (found,) = compare(run([answered(ask(0), 1, seconds=0.1)]), run([answered(ask(0), 1, seconds=0.3)]))
    assert (found.before.p95, found.after.p95) == (0.1, 0.3)
    assert found.as_json()["seconds"]["after"]["p50"] == pytest.approx(0.3)
