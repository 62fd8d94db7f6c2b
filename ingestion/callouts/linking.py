"""Which legend explains which figure: by the keys that the legend and the labels in the figure have in common. Pure.

A figure's labels and a legend's keys are two sets. They belong together where most labels are explained and most keys
are shown; a long parts list may be shown in several figures, each with a part of its keys. Legends are looked for on
the figure's page, the facing page and the nearest pages before and after; of equal ones the nearest is taken.

Example: a drawing with the labels 1 to 4 on page 18 and a list of 1 to 4 on page 19 are linked; a chart with the labels
20, 40, 60 and a list of the steps 1 to 5 beside it are not.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

from ingestion.callouts.labels import KEY, Label, is_single, run_together
from ingestion.callouts.legends import Legend, LegendRow
from ingestion.elements import BBox
from ingestion.geometry import area, gap, mostly_inside, union, wholly_inside

REACH = 3  # pages from a figure to its legend, at most
NEAR = 1  # pages: a legend farther away must be shown nearly whole
LEAST_COMMON = 3  # keys in common that link a figure and a legend …
LEAST_EXPLAINED = 0.5  # … with so large a share of the labels …
LEAST_SHOWN = 0.5  # … and of the keys
MANY_COMMON, MOSTLY_EXPLAINED, SOME_SHOWN = 6, 0.6, 0.25  # the same for a figure that shows a part of a long list
FAR_COMMON, FAR_SHOWN = 6, 0.7  # the same for a legend on a page that is not the next
PART_SHOWN = 0.75  # of the keys of a legend that is one of several parts
BESIDE = 60.0  # points from a figure to the first row of a legend that is its own, though OCR read one label only
BRIEF_WORDS = 9  # of a row, as a rule, in a legend on another page
SHARED = 0.5  # of a match's rows that may have been taken by figures of another page
FIRST_KEYS = ("1", "A")
PAGE_COST = 0.2  # of a whole match, for each page between
GAP_COST = 0.1  # of a whole match, for a page's height between figure and legend


Key = tuple[int, int]  # page, order


@dataclass(frozen=True, slots=True)
class LabelledFigure:
    """A figure with its labels: ``page`` from 1, ``order`` of its element there, ``bbox`` in points."""

    page: int
    order: int
    bbox: BBox
    labels: tuple[Label, ...]

    @property
    def key(self) -> Key:
        """Its page and order."""
        return self.page, self.order

    @property
    def read(self) -> bool:
        """Whether OCR read its labels, and so may have missed some."""
        return any(label.read for label in self.labels)


class PageLegend(NamedTuple):
    """A legend and the page it stands on, with that page's height in points."""

    page: int
    height: float
    rows: Legend


class ExplainedLabel(NamedTuple):
    """A key of a figure with the row that explains it, and the row's page."""

    key: str
    row: LegendRow
    page: int


class _Match(NamedTuple):
    """How well a legend fits a figure, and the rows whose keys both have."""

    value: float
    figure: LabelledFigure
    legend: PageLegend
    common: tuple[LegendRow, ...]


def explain(figures: Iterable[LabelledFigure], legends: Sequence[PageLegend]) -> dict[Key, tuple[ExplainedLabel, ...]]:
    """The labels that legends explain, of each figure that has any: its (page, order) → labels in the legend's order.

    Where OCR read a figure's labels, rows of its legend that no figure shows are taken to be among those it missed.
    """
    pages: dict[int, list[PageLegend]] = defaultdict(list)
    for legend in legends:
        pages[legend.page].append(legend)
    near = [
        (figure, legend)
        for figure in figures
        for page in range(figure.page - REACH, figure.page + REACH + 1)
        for legend in [*pages[page], *_together(figure, pages[page])]
    ]
    made = _chosen([match for figure, legend in near if (match := _match(figure, legend))])
    inner = [match.figure for match in made]
    made = [match for match in made if not _holds_other(match.figure, inner)]
    shown = {(match.legend.page, row) for match in made for row in match.common}
    found: dict[Key, dict[str, ExplainedLabel]] = {}
    for match in made:
        page, rows = match.legend.page, found.setdefault(match.figure.key, {})
        for row in match.legend.rows:
            missed = match.figure.read and (page, row) not in shown
            if row in match.common or missed:
                rows.setdefault(row.key, ExplainedLabel(row.key, row, page))
    return {key: tuple(rows.values()) for key, rows in found.items()}


def _chosen(matches: Iterable[_Match]) -> list[_Match]:
    """The best matches. A figure takes a further legend for other labels only; a legend explains its keys on one page,
    and on another only those that are not shown there."""
    made: list[_Match] = []
    labels: dict[Key, set[str]] = defaultdict(set)
    pages: dict[tuple[int, LegendRow], int] = {}
    for match in sorted(matches, key=lambda match: (-match.value, area(match.figure.bbox))):
        rows = [(match.legend.page, row) for row in match.common]
        elsewhere = sum(pages.get(row, match.figure.page) != match.figure.page for row in rows)
        keys = {row.key for row in match.common}
        if elsewhere <= SHARED * len(rows) and labels[match.figure.key].isdisjoint(keys):
            made.append(match)
            labels[match.figure.key] |= keys
            pages |= dict.fromkeys(rows, match.figure.page)
    return made


def _holds_other(figure: LabelledFigure, others: Iterable[LabelledFigure]) -> bool:
    """Whether another figure lies in this one; of two in the same place the first one holds the other."""
    return any(
        other is not figure
        and other.page == figure.page
        and wholly_inside(other.bbox, figure.bbox)
        and (area(other.bbox), other.order) < (area(figure.bbox), figure.order)
        for other in others
    )


def _together(figure: LabelledFigure, legends: Sequence[PageLegend]) -> list[PageLegend]:
    """The legends of a page as one, where several are nearly whole in a figure: a legend by kinds or in columns."""
    labels = {label.key for label in figure.labels}
    rows: dict[str, LegendRow] = {}
    parts = 0
    for legend in sorted(legends, key=lambda legend: len(legend.rows), reverse=True):
        keys = {row.key for row in legend.rows}
        if keys.isdisjoint(rows) and len(keys & labels) >= PART_SHOWN * len(keys):
            rows |= {row.key: row for row in legend.rows}
            parts += 1
    return [PageLegend(legends[0].page, legends[0].height, tuple(rows.values()))] if parts > 1 else []


def _match(figure: LabelledFigure, legend: PageLegend) -> _Match | None:
    away = abs(legend.page - figure.page)
    if away and not _is_brief(legend.rows):
        return None
    own = [row.bbox for row in legend.rows] if not away else []
    labels = {label.key for label in figure.labels if not any(mostly_inside(label.bbox, box) for box in own)}
    keys = {row.key for row in legend.rows}
    shown = _resolved(labels, keys)
    common = shown & keys
    explained, covered = len(common) / max(len(shown), 1), len(common) / len(keys)
    own_list = not away and _is_own_list(figure, legend, len(common), explained)
    if not own_list and not _belongs(len(common), explained, covered, away):
        return None
    apart = gap(figure.bbox, union(row.bbox for row in legend.rows)) / legend.height if not away else 0.0
    likeness = 2 * len(common) / (len(shown) + len(keys))
    rows = tuple(row for row in legend.rows if row.key in common)
    return _Match(likeness - PAGE_COST * away - GAP_COST * apart, figure, legend, rows)


def _is_own_list(figure: LabelledFigure, legend: PageLegend, common: int, explained: float) -> bool:
    """Whether a legend that begins right at a figure explains it, though OCR read few of its labels. A single letter
    may have been read into anything."""
    first = legend.rows[0]
    least = 1 if first.key == "1" else 2
    begins = first.key in FIRST_KEYS and gap(figure.bbox, first.bbox) <= BESIDE
    return figure.read and begins and common >= least and explained >= LEAST_EXPLAINED


def _is_brief(rows: Sequence[LegendRow]) -> bool:
    """Whether rows name parts; longer ones are steps or rules, which explain no figure of another page."""
    return median(len(row.text.split()) for row in rows) <= BRIEF_WORDS


def _belongs(common: int, explained: float, covered: float, away: int) -> bool:
    """Whether a legend and a figure with so many keys in common belong together."""
    if away > NEAR:
        return common >= FAR_COMMON and explained >= LEAST_EXPLAINED and covered >= FAR_SHOWN
    if common >= MANY_COMMON and explained >= MOSTLY_EXPLAINED and covered >= SOME_SHOWN:
        return True
    if common == LEAST_COMMON - 1:
        return not away and explained == covered == 1.0
    return common >= LEAST_COMMON and explained >= LEAST_EXPLAINED and covered >= LEAST_SHOWN


def _resolved(labels: Collection[str], keys: Collection[str]) -> set[str]:
    """The labels, with numbers that OCR ran together taken apart where the legend has the parts and not the whole."""
    result: set[str] = set()
    for label in labels:
        parts = run_together(label) if label not in keys else ()
        result |= set(parts) if parts and set(parts) <= set(keys) else {label}
    return {label for label in result if is_single(label)}


def mention(label: ExplainedLabel, page: int) -> str:
    """An explained label as a line among a figure's mentions: "№ 7: Drain valve", with its page where that is another
    than the figure's: "№ 7: Drain valve (→ 19)"."""
    there = f" (→ {label.page})" if label.page != page else ""
    return f"№ {label.key}: {label.row.text}{there}"


def mentions_of(found: Mapping[Key, Sequence[ExplainedLabel]]) -> dict[Key, str]:
    """The lines of :func:`mention` of every figure, one label per line."""
    return {key: "\n".join(mention(label, key[0]) for label in labels) for key, labels in found.items()}


class LabelMention(NamedTuple):
    """A line of :func:`mention` taken apart: ``page`` of the row is None where it is the figure's own."""

    key: str
    text: str
    page: int | None


_MENTION = re.compile(rf"№ (?P<key>{KEY}): (?P<text>.*?)(?: \(→ (?P<page>\d+)\))?")


def label_mentions(mentions: str) -> list[LabelMention]:
    """The explained labels among a figure's mentions."""
    found = (_MENTION.fullmatch(line) for line in mentions.split("\n"))
    return [LabelMention(m["key"], m["text"], int(m["page"]) if m["page"] else None) for m in found if m]


def mentioning_sentences(mentions: str) -> list[str]:
    """A figure's mentions without its explained labels: the sentences that say something of it as a whole."""
    return [line for line in mentions.split("\n") if line.strip() and not _MENTION.fullmatch(line)]
