"""Pictures laid on pages: placed by words, keypoints and pattern, judged window by window."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from made_pages import CHART, SCALE, TABLE, cut, framed, from_aside, page, photographed, smaller
from PIL import Image

from ingestion.elements import BBox
from ingestion.geometry import iou
from rag.retrieval.image.correlation import best_rectangle, overlay
from rag.retrieval.image.homography import fit_homography
from rag.retrieval.image.images import PageImage, QueryImage
from rag.retrieval.image.registration import (
    Registration,
    Word,
    register_by_keypoints,
    register_by_pattern,
    register_by_words,
)
from rag.retrieval.image.verification import verify


def sheet(image: Image.Image) -> PageImage:
    return PageImage(np.asarray(image.convert("L")), image.width / SCALE)


@pytest.mark.parametrize("disturbed", [lambda image: image, framed, photographed, smaller])
@pytest.mark.parametrize("box", [CHART, TABLE])
def test_a_disturbed_piece_of_a_page_is_found_with_its_box(
    disturbed: Callable[[Image.Image], Image.Image], box: BBox
) -> None:
    whole = page()
    upload, there = QueryImage.of(disturbed(cut(whole, box))), sheet(whole)
    guesses = [guess for way in (register_by_keypoints, register_by_pattern) if (guess := way(upload, there))]
    matches = [match for guess in guesses if (match := verify(upload, there, guess))]
    best = max(matches, key=lambda match: match.certainty)
    assert best.certain
    assert iou(best.box, box) > 0.75


@pytest.mark.parametrize("box", [CHART, TABLE])
def test_the_same_layout_with_other_numbers_is_not_the_same_picture(box: BBox) -> None:
    """A table's rules and row names agree; its numbers do not."""
    upload, other = QueryImage.of(cut(page(1), box)), sheet(page(2))
    exactly_there = Registration(np.array([[1 / SCALE, 0, box.x0], [0, 1 / SCALE, box.y0], [0, 0, 1]]), 1.0)
    for guess in (exactly_there, register_by_keypoints(upload, other), register_by_pattern(upload, other)):
        match = verify(upload, other, guess) if guess is not None else None
        assert match is None or not match.certain


def test_a_guess_beside_the_place_is_not_believed() -> None:
    whole = page()
    beside = Registration(np.array([[0.5, 0, CHART.x0 + 60], [0, 0.5, CHART.y0 - 80], [0, 0, 1]]), 1.0)
    match = verify(QueryImage.of(cut(whole, CHART)), sheet(whole), beside)
    assert match is None or not match.certain


def test_patches_say_how_a_picture_taken_from_aside_is_bent_and_that_another_page_is_another() -> None:
    whole, upload = page(), QueryImage.of(from_aside(cut(page(), TABLE)))
    guess = register_by_keypoints(upload, sheet(whole))
    assert guess is not None
    laid = overlay(upload, sheet(whole), guess.matrix, 500, None)
    elsewhere = overlay(upload, sheet(whole.rotate(180)), guess.matrix, 500, None)
    assert laid is not None
    assert elsewhere is not None
    bent, other = fit_homography(laid, 20), fit_homography(elsewhere, 20)
    assert bent.change is not None
    assert bent.fits > 0.4 * bent.patches
    assert other.change is None
    assert other.fits < 0.1 * other.patches


def test_a_strip_of_one_line_is_found() -> None:
    """Its patches stand in one row."""
    whole, strip = page(), BBox(45, 39, 330, 60)
    exactly_there = Registration(np.array([[1 / SCALE, 0, strip.x0], [0, 1 / SCALE, strip.y0], [0, 0, 1]]), 1.0)
    match = verify(QueryImage.of(cut(whole, strip)), sheet(whole), exactly_there)
    assert match is not None
    assert match.certain


def test_paper_in_the_shade_is_still_paper() -> None:
    """A table's blank cells belong to its box although one side of the photograph is darker."""
    whole = page()
    shade = np.linspace(0.55, 1.0, round(SCALE * (TABLE.x1 - TABLE.x0)))[None, :, None]
    upload = QueryImage.of(Image.fromarray((np.asarray(cut(whole, TABLE)) * shade).astype(np.uint8)))
    there = Registration(np.array([[1 / SCALE, 0, TABLE.x0], [0, 1 / SCALE, TABLE.y0], [0, 0, 1]]), 1.0)
    match = verify(upload, sheet(whole), there)
    assert match is not None
    assert match.certain
    assert iou(match.box, TABLE) > 0.9


def test_an_empty_picture_and_an_empty_page_have_nothing_to_say() -> None:
    blank, full = Image.new("RGB", (200, 100), "white"), page()
    assert register_by_keypoints(QueryImage.of(blank), sheet(full)) is None
    assert register_by_pattern(QueryImage.of(blank), sheet(full)) is None
    assert register_by_keypoints(QueryImage.of(full), sheet(Image.new("RGB", (1224, 1584), "white"))) is None


def test_words_place_a_picture_of_another_size_among_words_that_repeat() -> None:
    there = [
        Word(text, 40.0 + 90 * column, 100.0 + 20 * row)
        for row, line in enumerate(("alpha beta total", "gamma delta total", "epsilon zeta total"))
        for column, text in enumerate(line.split())
    ]
    upload = [Word(word.text, (word.x - 30) * 3, (word.y - 90) * 3) for word in there[3:]]
    guess = register_by_words([*upload, Word("elsewhere", 5, 5)], [Word("total", 400, 700), *there])
    assert guess is not None
    assert guess.support == 6
    assert np.allclose(guess.matrix @ (0, 0, 1), (30, 90, 1), atol=0.5)
    assert np.isclose(guess.matrix[0, 0], 1 / 3, rtol=0.02)


def test_words_in_another_order_place_nothing() -> None:
    there = [Word(text, 40.0 + 90 * i, 100.0) for i, text in enumerate(("alpha", "beta", "gamma", "delta"))]
    mirrored = [Word(word.text, 400 - word.x, 500 - 3 * word.y) for word in there]
    assert register_by_words(mirrored, there) is None
    assert register_by_words([], there) is None


def test_the_rectangle_keeps_blank_margins_and_leaves_out_a_frame() -> None:
    value = np.full((40, 60), -0.5, dtype=np.float32)
    value[8:32, 10:50] = 0.15
    value[12:20, 20:40] = 1.0
    rows, columns = best_rectangle(value) or (slice(0), slice(0))
    assert (rows.start, rows.stop) == (8, 32)
    assert abs(columns.start - 10) <= 1
    assert abs(columns.stop - 50) <= 1
    assert best_rectangle(-np.ones((20, 20), dtype=np.float32)) is None
