"""What went wrong while a document was read, as the list of documents says it: a line for each kind of problem, which
tells how many there are of it and on which pages. A kind is a wording of the packages below, whatever names are in it.

>>> pages_said([3, 5, 6, 7])
'3, 5–7'
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ingestion.elements import PageProblem
from ui.words.language import told, tr, wording


def problem_lines(problems: Iterable[PageProblem]) -> list[str]:
    """A line for each kind of problem, in the order in which they were met."""
    kinds: dict[str, list[PageProblem]] = {}
    for problem in problems:
        kinds.setdefault(wording(problem.message), []).append(problem)
    return [_line(alike) for alike in kinds.values()]


def _line(alike: Sequence[PageProblem]) -> str:
    """One is said whole. Where others differ from it in a name, it is the example."""
    first, pages = alike[0], sorted({problem.page for problem in alike if problem.page})
    said = told(first.message)
    same = len({problem.message for problem in alike}) == 1
    if len(alike) > 1 and not same:
        said = tr("{problem} ({count} more like it)", problem=said, count=len(alike) - 1)
    elif len(alike) > 1 and len(pages) < 2:
        said = tr("{problem} ({count} times)", problem=said, count=len(alike))
    if len(pages) > 1:
        return tr("pages {pages}: {problem}", pages=pages_said(pages), problem=said)
    return tr("page {page}: {problem}", page=pages[0], problem=said) if pages else said


def pages_said(pages: Sequence[int]) -> str:
    """Numbers of pages, ascending, with those that follow each other as a span."""
    spans: list[tuple[int, int]] = []
    for page in pages:
        if spans and page == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], page)
        else:
            spans.append((page, page))
    return ", ".join(f"{first}" if first == last else f"{first}–{last}" for first, last in spans)
