"""Problems of reading, a line for each kind."""

from __future__ import annotations

import pytest

from ingestion.elements import PageProblem
from ui.shown.problem_lines import pages_said, problem_lines
from ui.words.language import speaking


def _unseen(page: int, words: str) -> PageProblem:
    return PageProblem(page, "unseen", f"text that the page does not show; it is left out: {words}")


def _attached(name: str) -> PageProblem:
    return PageProblem(0, "open", f"the attached file {name} is not read: {name} is empty (0 bytes)")


def test_the_same_on_many_pages_is_one_line_with_its_pages() -> None:
    assert problem_lines([_unseen(page, "DRAFT") for page in (2, 3, 4, 9)]) == [
        "pages 2–4, 9: text that the page does not show; it is left out: DRAFT"
    ]


def test_those_that_differ_in_a_name_are_one_line_with_a_count() -> None:
    options = [_attached(f"Print {number}.joboptions") for number in range(14)]
    (line,) = problem_lines(options)
    assert line.startswith("the attached file Print 0.joboptions is not read") and line.endswith("(13 more like it)")
    assert len(problem_lines([*options, _unseen(1, "DRAFT"), PageProblem(2, "ocr", "never heard of")])) == 3


def test_the_same_of_the_whole_document_is_counted() -> None:
    (line,) = problem_lines([_attached("a.joboptions")] * 2)
    assert line.endswith("(2 times)")


def test_kinds_are_the_same_in_every_language() -> None:
    with speaking("de"):
        (line,) = problem_lines([_unseen(1, "DRAFT"), _unseen(2, "COPY"), _unseen(3, "COPY")])
        assert line.startswith("Seiten 1–3: ") and line.endswith("(und 2 weitere dieser Art)")


@pytest.mark.parametrize(("pages", "said"), [([1], "1"), ([1, 2], "1–2"), ([1, 3, 4, 5, 8], "1, 3–5, 8"), ([], "")])
def test_pages_that_follow_each_other_are_a_span(pages: list[int], said: str) -> None:
    assert pages_said(pages) == said
