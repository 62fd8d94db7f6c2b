"""Pages on which a picture may stand: like its middle or its negative, of its likely document, by keypoints, likely."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from made_pages import CHART, TABLE, at_night, cut, make_document, page
from PIL import Image, ImageDraw, ImageFilter

from ingestion.elements import BBox
from rag.config import Settings
from rag.index import Index
from rag.retrieval.image.images import QueryImage
from rag.retrieval.image.locate import locate
from rag.retrieval.image.placement import with_keypoints
from rag.retrieval.image.proposals import ProposedPage, pages_of_document
from rag.retrieval.image.verification import Match
from rag.retrieval.search import search
from rag.retrieval.snapshot import Snapshot
from rag.storage.full_text.term_vectors import page_key
from rag.types import PageId, Query

SEEDS = tuple(range(1, 6))


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    settings = Settings(index=tmp_path_factory.mktemp("proposals") / "index", words="static", workers=1)
    with Index.open(settings, create=True) as opened:
        for name, seeds in (("report", SEEDS), ("other", (11, 12))):
            staged = opened.files.stage()
            opened.store(make_document(staged, name, seeds), staged)
        yield opened


def on_a_desk(image: Image.Image) -> Image.Image:
    """Paper with uneven light on a dark desk: its border is no border that could be trimmed."""
    wide, high = image.width + 60, image.height + 60
    paper = Image.merge("RGB", [Image.linear_gradient("L").resize((wide, high)).point(lambda v: 215 + v // 7)] * 3)
    paper.paste(image, (30, 30))
    desk = Image.effect_noise((wide + 40, high + 40), 30).convert("RGB").point(lambda v: v // 2)
    desk.paste(paper, (20, 20))
    return desk


def scribbled(image: Image.Image) -> Image.Image:
    """Blurred, and crossed out in black, which nobody can tell from print."""
    copy = image.filter(ImageFilter.GaussianBlur(1.0))
    draw, (width, height) = ImageDraw.Draw(copy), copy.size
    for share in (0.2, 0.5, 0.8):
        draw.line((0, height * share, width, height * (1 - share) * 0.9), fill=(0, 0, 0), width=4)
    return copy


def at_night_on_a_desk(image: Image.Image) -> Image.Image:
    return on_a_desk(at_night(image))


@pytest.mark.parametrize(
    ("box", "disturbed"),
    [
        (CHART, on_a_desk),
        (TABLE, at_night_on_a_desk),
        *(pytest.param(CHART, disturbed, marks=pytest.mark.slow) for disturbed in (at_night, at_night_on_a_desk)),
        *(pytest.param(TABLE, disturbed, marks=pytest.mark.slow) for disturbed in (at_night, on_a_desk)),
    ],
)
def test_what_stands_around_a_picture_and_its_polarity_do_not_hide_what_it_is_like(
    index: Index, box: BBox, disturbed: Callable[[Image.Image], Image.Image]
) -> None:
    with index.snapshot():
        found = locate(Snapshot(index, Query(image=disturbed(cut(page(2), box)))))
    best = next(iter(found.similar))
    assert index.catalogue.chunk(best).bbox == box


def test_the_document_with_most_votes_is_looked_through_beginning_beside_the_pages_that_voted(index: Index) -> None:
    report, other = (index.catalogue.find(name).id for name in ("report.pdf", "other.pdf"))
    query = Query(image=cut(page(2), CHART))
    with index.snapshot():
        snap = Snapshot(index, query)
        number = {row.doc: row.no for row in snap.text.documents([report, other])}
        similar = [ProposedPage(PageId(report, 4), 0.9), ProposedPage(PageId(other, 1), 0.8)]
        keys = [page_key(number[report], 5)]
        assert [each.page for each in pages_of_document(snap, similar, keys)] == [4, 5, 3, 2, 1]
        assert {each.doc for each in pages_of_document(snap, similar, keys)} == {report}
        assert pages_of_document(snap, [], []) == []
        chosen = Snapshot(index, replace(query, pages=(2, 3)))
        assert [each.page for each in pages_of_document(chosen, similar, keys)] == [3, 2]


def test_keypoints_find_the_page_of_a_part_of_a_drawing(index: Index) -> None:
    report = index.catalogue.find("report.pdf").id
    part = BBox(CHART.x0 + 20, CHART.y0 + 20, CHART.x1 - 60, CHART.y1 - 30)
    with index.snapshot():
        snap = Snapshot(index, Query(image=cut(page(4), part)))
        found = with_keypoints(snap, QueryImage.of(cut(page(4), part)), [PageId(report, seed) for seed in SEEDS])
        nowhere = with_keypoints(snap, QueryImage.of(Image.new("RGB", (200, 100), "white")), [PageId(report, 1)])
    assert found[0].page == PageId(report, 4)
    assert found[0].registration is not None
    assert nowhere == []


def test_a_picture_that_is_not_certain_has_its_page_first_and_nothing_is_said_of_it(index: Index) -> None:
    query = Query(image=scribbled(cut(page(4), TABLE)), pages=(3, 5))
    with index.snapshot():
        found = locate(Snapshot(index, query))
    assert not found.placements
    assert found.likely[0].page.page == 4
    hits = search(index, query).hits
    assert hits[0].chunk.page == 4
    assert not any(hit.same_picture for hit in hits)


def test_lines_without_the_print_at_their_end_are_not_the_picture() -> None:
    """Wires are drawn alike everywhere; what they lead to says which they are."""
    wires = Match(BBox(0, 0, 9, 9), agreement=0.95, cover=0.55, windows=27, detail=0.0, other=0.0, details=0.0)
    assert not wires.certain
    assert replace(wires, cover=0.9).certain


def test_likely_is_less_than_certain_and_more_than_nothing() -> None:
    good = Match(BBox(0, 0, 9, 9), agreement=0.95, cover=0.8, windows=100, detail=0.98, other=0.0, details=50)
    assert good.certain and good.likely
    other_numbers = replace(good, detail=0.85, other=0.1)
    assert other_numbers.likely and not other_numbers.certain
    assert not replace(good, detail=0.4).likely
    assert not replace(good, cover=0.1).likely
    assert not replace(good, windows=3.0).likely
    assert not replace(good, agreement=0.5).likely
