"""Proposed pages verified one by one: registrations of the query's picture on a page, cheap ones first, until one
holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rag.errors import StoreError
from rag.retrieval.image.images import PageImage, QueryImage
from rag.retrieval.image.proposals import ProposedPage
from rag.retrieval.image.registration import Registration, register_by_keypoints, register_by_pattern
from rag.retrieval.image.verification import Match, verify
from rag.retrieval.snapshot import Snapshot
from rag.types import PageId

SUPPORTED = 8  # keypoints that fit, from which a page is verified that nothing else proposes
MANY_WORDS = 8  # that fit a page: from these on nothing else places the picture better
SIBLINGS = 3  # further pages that are verified after one was certain, where they are as likely:
AS_LIKELY = 0.93  # of the first one's likelihood
AS_GOOD = 0.93  # of the best match's strength, from which a further page is said to show the same picture


class Placement(NamedTuple):
    """A place where the query's picture stands."""

    page: PageId
    match: Match


class Placed(NamedTuple):
    """Places where the picture certainly stands and places where it may stand, each best first."""

    certain: tuple[Placement, ...] = ()
    likely: tuple[Placement, ...] = ()

    def __or__(self, other: Placed) -> Placed:
        """The best of both."""
        return Placed(best_placements([*self.certain, *other.certain]), best_placements([*self.likely, *other.likely]))


NOWHERE = Placed()


def placed(snap: Snapshot, image: QueryImage, proposed: Sequence[ProposedPage], most: int) -> Placed:
    """Where it stands on the first ``most`` of the pages proposed, and on those after the first that holds which are as
    likely."""
    found: list[Placement] = []
    likely: list[Placement] = []
    least = 0.0
    for number, candidate in enumerate(proposed):
        if candidate.likelihood < least or (number >= most and not found):
            break
        match = _match(snap, image, candidate)
        if match is not None and match.certain:
            if not found:
                most, least = number + 1 + SIBLINGS, AS_LIKELY * candidate.likelihood
            found.append(Placement(candidate.page, match))
        elif match is not None and match.likely:
            likely.append(Placement(candidate.page, match))
        if number + 1 >= most:
            break
    return Placed(best_placements(found), best_placements(likely))


def with_keypoints(snap: Snapshot, image: QueryImage, pages: Sequence[PageId]) -> list[ProposedPage]:
    """Of these pages those on which many of the picture's keypoints stand as they do in it, most first."""
    found = []
    for page in pages:
        picture = _page_image(snap, page)
        if picture is None:
            continue
        for seen in image.polarities:
            registration = register_by_keypoints(seen, picture)
            if registration is not None and registration.support >= SUPPORTED:
                found.append(ProposedPage(page, registration.support, registration))
    return sorted(found, key=lambda proposed: -proposed.likelihood)


def best_placements(found: Sequence[Placement]) -> tuple[Placement, ...]:
    """Each page once, best first, without those that are clearly worse than the best: pictures almost like it."""
    ordered = sorted(found, key=lambda placement: -placement.match.strength)
    by_page: dict[PageId, Placement] = {}
    for placement in ordered:
        if placement.match.strength >= AS_GOOD * ordered[0].match.strength:
            by_page.setdefault(placement.page, placement)
    return tuple(by_page.values())


def _match(snap: Snapshot, image: QueryImage, proposed: ProposedPage) -> Match | None:
    """The first registration that holds, else the best of all."""
    page = _page_image(snap, proposed.page)
    if page is None:
        return None
    matches = []
    for seen, registration in _registrations(image, page, proposed):
        match = verify(seen, page, registration)
        if match is not None:
            matches.append(match)
            if match.certain:
                break
    return max(matches, key=lambda match: match.strength, default=None)


def _registrations(
    image: QueryImage, page: PageImage, proposed: ProposedPage
) -> Iterator[tuple[QueryImage, Registration]]:
    """Cheap ones first; each is made when it is asked for. With the picture or its negative, whichever it is for."""
    if proposed.registration is not None:
        for seen in image.polarities:
            yield seen, proposed.registration
    for seen in image.polarities:
        if (registration := register_by_keypoints(seen, page)) is not None:
            yield seen, registration
    if proposed.registration is not None and proposed.registration.support >= MANY_WORDS:
        return
    for seen in image.polarities:
        if (registration := register_by_pattern(seen, page, proposed.width)) is not None:
            yield seen, registration


def _page_image(snap: Snapshot, page: PageId) -> PageImage | None:
    """The stored picture of a page; None where there is none, or its document has been removed meanwhile."""
    row = snap.index.catalogue.page(*page)
    if row.image is None:
        return None
    path = snap.index.files.path(page.doc, row.image)
    try:
        return PageImage.of(path.read_bytes(), row.width)
    except OSError as exc:
        if not snap.index.catalogue.has(page.doc, latest=True):
            return None
        raise StoreError(f"{path} cannot be read ({exc.strerror}); remove the document and add it again") from exc
