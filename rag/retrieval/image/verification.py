"""Verification of a registration: whether the query's picture really stands there, and the box it fills.

The two are laid on each other at one resolution, the registration is refined (Evangelidis and Psarakis 2008, "ECC"),
and every small window asks whether both show the same (:mod:`rag.retrieval.image.correlation`). The box is the
rectangle with the most agreement, so a frame, a title bar or the dark table around the upload fall away.

Limits: 161 screenshots of 36 documents (2026-11-22), among them some at night, turned, marked, scanned, or
photographed from aside. Over five folds by document the most were placed right with .60 to .85 of agreement (.75 in
four of them), .20 to .55 of cover and .80 to .94 of certainty; so chosen, 155 of those held out were found, one was
placed on another page of its document and none in another document. More certainty is asked for: a slide's next build
has .90 of the detail the same and .06 other, a small table of the same layout with other numbers .95 and .03.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from ingestion.elements import BBox
from rag.retrieval.image.correlation import (
    Overlay,
    best_rectangle,
    compare_detail,
    compare_windows,
    overlay,
    without_annotations,
)
from rag.retrieval.image.homography import fit_homography
from rag.retrieval.image.images import PageImage, QueryImage
from rag.retrieval.image.registration import Registration
from rag.types import Float64Array

COARSE, FINE = 240, 900  # pixels of the longer side at which the two are compared, first and then
TIDY = (100, 300)  # pixels of the longer side at which a guess is refined, one after the other
FINEST = (700,)  # the same, where after that a match is likely but in doubt
PATCHED = ((500, 20), (900, 12))  # pixels of the longer side at which patches are looked for, and within how many
PATCHES_TRIED = 80  # before anything else is done
ENOUGH_PATCHES = 20  # from which they may speak against a guess; a few lines of small print were lost with 12
LEAST_FITTING = 0.08  # share of them that must agree; 521 guesses that held had .23 or more
STEPS, ENOUGH = 30, 1e-4  # of refining
SMOOTHED = 5  # pixels within which refining smooths
WARP = 0.15  # by which refining may stretch or turn a guess
HOPELESS = 0.35  # agreement below which no second look is taken
BEYOND_DOUBT = 0.97  # certainty of a match that need not be improved
LEAST_COVER = 0.34  # share of the upload's ink that must be explained: more than a logo's or a table's empty form
LEAST_WINDOWS = 12.0  # independent windows that must agree
FEW_DETAILS = 4.0  # windows with detail from which detail decides
AGAINST = 4.0  # what a window with other detail weighs
LEAST_AGREEMENT = 0.72  # share of the windows with ink in the box that show the same
CERTAIN = 0.94  # certainty from which it is the same picture, where there is detail
CERTAIN_PLAIN = 0.9  # where there is none
COVER_PLAIN = 0.6  # share of the upload's ink that must be explained there: lines without the print at their end
# are on many pages; one drawing of wires was placed on two wrong ones with .34 and .55
LIKELY = 0.7  # share of detail that is the same, from which its page is the best guess where nothing is certain
LIKELY_PLAIN = 0.8  # agreement from which it is, where there is no detail


@dataclass(frozen=True, slots=True)
class Match:
    """An upload laid on a page.

    ``box`` is in points. ``agreement``: share of the windows with ink inside the box that show the same; ``cover``:
    share of the upload's ink that the box explains, the rest is a frame or something else; ``windows``: how many
    independent windows agree. ``detail``: share of the ``details`` windows with detail that show the same detail;
    ``other``: share of those that show other detail for certain.
    """

    box: BBox
    agreement: float
    cover: float
    windows: float
    detail: float
    other: float
    details: float

    @property
    def certainty(self) -> float:
        """From 0 to 1, that it is this picture and not one like it."""
        if self.details < FEW_DETAILS:
            return self.agreement
        return max(0.0, min(self.detail, 1 - AGAINST * self.other))

    @property
    def strength(self) -> float:
        """What orders matches of one upload: how certain, and of how much of it."""
        return self.certainty * self.agreement * self.cover

    @property
    def certain(self) -> bool:
        """Whether it is this picture that stands there, and not one like it."""
        if self.details >= FEW_DETAILS:
            return self._enough and self.certainty >= CERTAIN
        return self._enough and self.certainty >= CERTAIN_PLAIN and self.cover >= COVER_PLAIN

    @property
    def likely(self) -> bool:
        """Whether this page is the best guess where nothing is certain: marked, blurred or photographed from aside."""
        alike = self.detail >= LIKELY if self.details >= FEW_DETAILS else self.agreement >= LIKELY_PLAIN
        return self._enough and alike

    @property
    def _enough(self) -> bool:
        return self.cover >= LEAST_COVER and self.windows >= LEAST_WINDOWS and self.agreement >= LEAST_AGREEMENT


def exactly(box: BBox) -> Match:
    """The match of what was cut out of the page at this box."""
    return Match(box, agreement=1.0, cover=1.0, windows=LEAST_WINDOWS, detail=1.0, other=0.0, details=0.0)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A transform, and what is seen through it."""

    matrix: Float64Array
    match: Match | None

    @property
    def worth(self) -> float:
        found = self.match
        return (found.agreement + found.detail) * found.cover if found else -1.0


def verify(upload: QueryImage, page: PageImage, guess: Registration) -> Match | None:
    """Lay the upload on the page, refine, compare; None where they have nothing in common there."""
    if _nothing_there(upload, page, guess.matrix):
        return None
    best = _best(upload, page, _ways(upload, page, guess.matrix, None, TIDY), COARSE)
    if best.match is not None and best.match.agreement >= HOPELESS:
        best = _best(upload, page, _ways(upload, page, best.matrix, best.match.box, TIDY), FINE)
        if best.match is not None and HOPELESS < best.match.certainty < BEYOND_DOUBT:
            best = _best(upload, page, _ways(upload, page, best.matrix, best.match.box, FINEST), FINE)
    if (best.match is None or not best.match.certain) and (aside := _from_aside(upload, page, best.matrix)) is not None:
        best = _best(upload, page, [best.matrix, *_ways(upload, page, aside, None, FINEST)], FINE)
    if best.match is None or best.match.agreement < HOPELESS:
        return None
    if not best.match.certain and best.match.detail > HOPELESS:
        return max(best.match, _look(upload, page, best.matrix, FINE, marked=True) or best.match, key=_strength)
    return best.match


def _strength(match: Match) -> float:
    return match.strength


def _nothing_there(upload: QueryImage, page: PageImage, matrix: Float64Array) -> bool:
    """Whether the upload has patches that could be recognised and next to none is: most wrong guesses end here."""
    longest, reach = PATCHED[0]
    laid = overlay(upload, page, matrix, longest, None)
    if laid is None:
        return True
    bent = fit_homography(laid, reach, PATCHES_TRIED)
    return bent.patches >= ENOUGH_PATCHES and bent.fits < LEAST_FITTING * bent.patches


def _from_aside(upload: QueryImage, page: PageImage, matrix: Float64Array) -> Float64Array | None:
    """The guess bent as a picture is that was taken from aside; None where its patches do not say so."""
    for longest, reach in PATCHED:
        laid = overlay(upload, page, matrix, longest, None)
        change = fit_homography(laid, reach).change if laid is not None else None
        if laid is None or change is None:
            return None
        matrix = laid.to_points @ np.linalg.inv(change) @ np.linalg.inv(laid.to_points) @ matrix
        matrix /= matrix[2, 2]
    return matrix


def _ways(
    upload: QueryImage, page: PageImage, matrix: Float64Array, within: BBox | None, sizes: Sequence[int]
) -> list[Float64Array]:
    """A transform as it is, and refined: with a frame around, refining may lead away."""
    return [matrix, _refined(upload, page, matrix, within, sizes)]


def _best(upload: QueryImage, page: PageImage, matrices: Sequence[Float64Array], longest: int) -> _Attempt:
    return max((_Attempt(m, _look(upload, page, m, longest)) for m in matrices), key=lambda attempt: attempt.worth)


def _look(
    upload: QueryImage, page: PageImage, matrix: Float64Array, longest: int, marked: bool = False
) -> Match | None:
    laid = overlay(upload, page, matrix, longest, None)
    if laid is not None and marked:
        laid = without_annotations(laid, upload, page, matrix)
    if laid is None:
        return None
    windows = compare_windows(laid)
    span = best_rectangle(windows.value)
    if span is None:
        return None
    ink, own = windows.ink & laid.inside, windows.own & laid.inside
    shown = int(ink[span].sum())
    good = int((ink & windows.alike)[span].sum())
    detail = compare_detail(laid, span, windows.gain)
    (rows, columns), (x, y) = span, laid.origin
    left, right = x + columns.start / laid.scale, x + columns.stop / laid.scale
    return Match(
        box=BBox(left, y + rows.start / laid.scale, right, y + rows.stop / laid.scale),
        agreement=int((ink & windows.same)[span].sum()) / max(shown, 1),
        cover=int((own & windows.alike)[span].sum()) / max(int(own.sum()), 1),
        windows=good / windows.size,
        detail=detail.share,
        other=detail.other,
        details=detail.windows,
    )


def _refined(
    upload: QueryImage, page: PageImage, matrix: Float64Array, within: BBox | None, sizes: Sequence[int]
) -> Float64Array:
    """The guess moved, turned and stretched a little so that the grey levels within a box correlate best."""
    start = matrix
    for longest in sizes:
        laid = overlay(upload, page, matrix, longest, within)
        change = _change(laid, aside=bool(matrix[2, :2].any())) if laid is not None else None
        if laid is not None and change is not None:
            to_points = laid.to_points
            matrix = to_points @ np.linalg.inv(change) @ np.linalg.inv(to_points) @ matrix
            matrix /= matrix[2, 2]
    turned = np.linalg.inv(start[:2, :2]) @ matrix[:2, :2]
    return matrix if np.abs(turned - np.eye(2)).max() <= WARP else start


def _change(laid: Overlay, aside: bool) -> Float64Array | None:
    """What takes the page's pixels to the upload's; None where the two do not correlate at all."""
    until = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, STEPS, ENOUGH)
    way, rows = (cv2.MOTION_HOMOGRAPHY, 3) if aside else (cv2.MOTION_AFFINE, 2)
    still = np.eye(rows, 3, dtype=np.float32)
    filled = laid.inside.astype(np.uint8)
    try:
        _, change = cv2.findTransformECC(laid.page, laid.upload, still, way, until, filled, SMOOTHED)
    except cv2.error:
        return None
    change = np.vstack([change, [[0, 0, 1]]][: 4 - rows]).astype(float)
    return change if abs(np.linalg.det(change)) > WARP else None
