"""An uploaded picture: its page and box, with a question, without words, and pictures that stand nowhere."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from made_pages import (
    CHART,
    TABLE,
    at_night,
    cut,
    framed,
    from_aside,
    make_document,
    marked,
    on_its_head,
    on_its_side,
    page,
    photographed,
    scanned,
    sepia,
    smaller,
)
from PIL import Image
from tiny_models import save_tiny_clip

from ingestion.elements import BBox
from ingestion.geometry import iou
from ingestion.ocr.lines import Glance
from rag.answering.answer import CANDIDATES, Done, answer
from rag.cli.commands import run
from rag.config import Settings
from rag.index import Index
from rag.lru import Recent
from rag.retrieval.image import query_text
from rag.retrieval.image.locate import ONLY_SIMILAR
from rag.retrieval.search import search
from rag.types import SAME_PICTURE, Query

SEEDS = (1, 2, 3)


def build(folder: Path, encoder: str = "builtin", with_lines: bool = True) -> Index:
    index = Index.open(Settings(index=folder, encoder=encoder, words="static", workers=1), create=True)
    staged = index.files.stage()
    index.store(make_document(staged, "report", SEEDS, with_lines), staged)
    return index


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with build(tmp_path_factory.mktemp("screenshot") / "index") as opened:
        yield opened


PLACES = {"figure": CHART, "table": TABLE}
EVERY_DAY = {
    framed: "figure", photographed: "table", smaller: "figure", at_night: "table", sepia: "figure", scanned: "table",
    on_its_side: "figure", on_its_head: "table",
}  # fmt: skip
"""What disturbs a screenshot, each with what it is tried on every day; on the other it is slow."""


@pytest.mark.parametrize(
    ("kind", "disturbed"),
    [
        pytest.param(kind, disturbed, marks=[] if kind == today else pytest.mark.slow)
        for disturbed, today in EVERY_DAY.items()
        for kind in PLACES
    ],
)
def test_a_disturbed_screenshot_finds_its_page_and_box(
    index: Index, kind: str, disturbed: Callable[[Image.Image], Image.Image]
) -> None:
    box = PLACES[kind]
    hit = search(index, Query(image=disturbed(cut(page(2), box)))).hits[0]
    assert hit.same_picture
    assert (hit.chunk.page, hit.chunk.kind) == (2, kind)
    assert iou(hit.bbox, box) > 0.75


@pytest.mark.parametrize("disturbed", [marked, from_aside])
def test_what_was_drawn_on_a_table_and_a_photograph_from_aside_do_not_matter(
    index: Index, disturbed: Callable[[Image.Image], Image.Image]
) -> None:
    hit = search(index, Query(image=disturbed(cut(page(2), TABLE)))).hits[0]
    assert hit.same_picture
    assert (hit.chunk.page, hit.chunk.kind) == (2, "table")
    assert iou(hit.bbox, TABLE) > 0.75


def test_a_part_of_a_page_that_is_no_figure_is_found_by_its_words(index: Index) -> None:
    box = BBox(45, 35, 330, 140)
    hits = search(index, Query(image=cut(page(3), box), without=frozenset({"image to image"}))).hits
    assert hits[0].same_picture
    assert (hits[0].chunk.page, hits[0].chunk.kind) == (3, "text")
    assert iou(hits[0].bbox, box) > 0.75
    assert sum(hit.same_picture for hit in hits) == 1


def test_an_index_without_the_lines_of_its_pages_finds_a_picture_too(tmp_path: Path) -> None:
    with build(tmp_path / "index", with_lines=False) as old:
        hit = search(old, Query(image=framed(cut(page(3), TABLE)))).hits[0]
    assert hit.same_picture
    assert hit.chunk.page == 3


def test_any_encoder_will_do(tmp_path: Path) -> None:
    """One whose weights are random says nothing of pictures: the check does."""
    with build(tmp_path / "index", encoder=str(save_tiny_clip(tmp_path / "clip"))) as index:
        hits = search(index, Query(image=framed(cut(page(2), CHART)))).hits
        elsewhere = search(index, Query(image=cut(page(9), CHART))).hits
    assert hits[0].same_picture
    assert hits[0].chunk.page == 2
    assert elsewhere
    assert not any(hit.same_picture for hit in elsewhere)


def as_it_is(image: Image.Image) -> Image.Image:
    return image


@pytest.mark.parametrize(
    ("box", "disturbed"),
    [
        (CHART, as_it_is),
        (TABLE, as_it_is),
        *(pytest.param(CHART, disturbed, marks=pytest.mark.slow) for disturbed in (at_night, on_its_side)),
        *(pytest.param(TABLE, disturbed, marks=pytest.mark.slow) for disturbed in (marked, from_aside)),
    ],
)
def test_a_picture_of_the_same_layout_from_elsewhere_has_only_similar_hits(
    index: Index, box: BBox, disturbed: Callable[[Image.Image], Image.Image]
) -> None:
    query = Query(image=disturbed(cut(page(9), box)))
    hits = search(index, query, CANDIDATES).hits  # as many as an answer wants, which takes them from memory
    assert hits
    assert not any(hit.same_picture for hit in hits)
    done = list(answer(index, query))[-1]
    assert isinstance(done, Done)
    said_itself = done.answer.text.startswith("Your picture stands in none of the documents")
    assert (ONLY_SIMILAR in done.answer.notice) is not said_itself  # it is said once


def test_the_answer_to_a_picture_that_was_found_says_nothing_of_the_kind(index: Index) -> None:
    done = list(answer(index, Query(image=cut(page(1), CHART))))[-1]
    assert isinstance(done, Done)
    assert ONLY_SIMILAR not in done.answer.notice


def test_a_question_about_a_picture_is_answered_on_its_page(index: Index) -> None:
    """The same words stand on every page: the picture says where, the words say what."""
    query = Query("What is the income of unit 4?", image=cut(page(3), CHART))
    hits = search(index, query).hits
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    first, second = hits[:2]
    assert (first.chunk.page, second.chunk.page) == (3, 3)
    assert "full text" in first.channels
    assert any(hit.same_picture and hit.chunk.kind == "figure" for hit in (first, second))


def test_a_question_that_only_points_at_the_picture_is_shown_what_stands_around_it(index: Index) -> None:
    done = list(answer(index, Query("What does this mean?", image=cut(page(3), CHART))))[-1]
    assert isinstance(done, Done)
    first = done.answer.evidence[:3]
    assert {piece.chunk.page for piece in first} == {3}
    assert [piece.chunk.kind for piece in first if piece.pictured] == ["figure"]
    assert any(piece.chunk.kind == "text" and "of the report says" in piece.text for piece in first)


def test_filters_hold_for_the_picture_as_well(index: Index) -> None:
    query = Query(image=cut(page(2), CHART))
    assert all(hit.chunk.kind == "table" for hit in search(index, replace(query, kinds=frozenset({"table"}))).hits)
    elsewhere = search(index, replace(query, pages=(3, 3))).hits
    assert {hit.chunk.page for hit in elsewhere} == {3}
    assert not any(hit.same_picture for hit in elsewhere)


def test_the_check_can_be_switched_off(index: Index) -> None:
    hits = search(index, Query(image=cut(page(2), CHART), without=frozenset({SAME_PICTURE}))).hits
    assert hits
    assert not any(hit.same_picture for hit in hits)


def test_the_command_line_says_that_a_picture_was_not_found(
    index: Index, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from rag.cli.arguments import parser

    for seed, found in ((2, True), (9, False)):
        path = tmp_path / f"{seed}.png"
        cut(page(seed), CHART).save(path)
        run(parser().parse_args(["search", "--image", str(path), "--index", str(index.root)]))
        said = capsys.readouterr()
        assert (ONLY_SIMILAR in said.err) is not found
        assert ("same picture 1" in said.out) is found


def test_a_picture_is_read_once() -> None:
    image, memory = cut(page(4), TABLE), Recent[Hashable, Glance](8)
    first = query_text.longest_lines(image, memory=memory)
    assert {line.text for line in first.lines} >= {"Income of unit 2"}
    assert query_text.longest_lines(image.copy(), memory=memory) is first
    assert query_text.longest_lines(cut(page(5), TABLE), memory=memory) is not first
    assert query_text.longest_lines(image) is not first


def test_the_words_of_a_picture_travel_with_the_hits(index: Index) -> None:
    there = search(index, Query(image=cut(page(2), TABLE))).picture_text
    assert there is not None and there.whole
    assert "Income of unit" in there.text
    elsewhere = search(index, Query(image=cut(page(9), TABLE))).picture_text
    assert elsewhere is not None and not elsewhere.whole
    assert "Income of unit" in elsewhere.text
    assert search(index, Query("income")).picture_text is None


def test_a_small_picture_is_enlarged_to_be_read_and_its_boxes_are_its_own() -> None:
    image = cut(page(4), BBox(330, 300, 460, 345)).resize((130, 45), Image.Resampling.LANCZOS)
    lines = query_text.longest_lines(image).lines
    assert any("Income of unit" in line.text for line in lines)
    assert all(line.bbox.x1 <= 131 and line.bbox.y1 <= 46 for line in lines)
