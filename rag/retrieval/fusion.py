"""Joining ranked lists: by rank, with shares for pictures and without repeats."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TypeVar

from ingestion.elements import BBox
from ingestion.geometry import iou

Key = TypeVar("Key", bound=Hashable)
Item = TypeVar("Item")

RANK_CONSTANT = 10
"""Of reciprocal rank fusion. The textbook's 60 is too flat for a few lists: 5 to 20 is better by one to four points."""

SAME_REGION = 0.7  # IoU from which two boxes of a page show the same thing


def reciprocal_rank(lists: Mapping[str, Sequence[Key]], weights: Mapping[str, float] | None = None) -> dict[Key, float]:
    """Sum of weight / (:data:`RANK_CONSTANT` + rank) over the lists, best first (Cormack et al. 2009)."""
    total: dict[Key, float] = {}
    for name, keys in lists.items():
        weight = 1.0 if weights is None else weights.get(name, 1.0)
        for rank, key in enumerate(dict.fromkeys(keys), 1):
            total[key] = total.get(key, 0.0) + weight / (RANK_CONSTANT + rank)
    return dict(sorted(total.items(), key=lambda entry: -entry[1]))


def with_share(items: Sequence[Item], k: int, chosen: Callable[[Item], bool], least: int) -> list[Item]:
    """The first ``k`` items, of which at least ``least`` are ``chosen`` where there are so many further down.

    Those fetched from below come after the ones that stay; the last ones not chosen make room.
    """
    first, rest = list(items[:k]), [item for item in items[k:] if chosen(item)]
    missing = min(least - sum(map(chosen, first)), len(rest), k)
    for item in rest[: max(missing, 0)]:
        room = next((i for i in range(len(first) - 1, -1, -1) if not chosen(first[i])), None)
        if room is None:
            break
        del first[room]
        first.append(item)
    return first


def without_repeats(items: Sequence[Item], place: Callable[[Item], tuple[Hashable, BBox]]) -> list[Item]:
    """Items whose box overlaps an earlier one's on the same page by less than :data:`SAME_REGION`."""
    kept: list[Item] = []
    boxes: dict[Hashable, list[BBox]] = {}
    for item in items:
        page, box = place(item)
        earlier = boxes.setdefault(page, [])
        if all(iou(box, other) < SAME_REGION for other in earlier):
            kept.append(item)
            earlier.append(box)
    return kept


def in_page_order(items: Sequence[Item], page: Callable[[Item], Hashable], order: Sequence[Hashable]) -> list[Item]:
    """Items (best first) rearranged so that pages appear for the first time in ``order``.

    Every item keeps its place but the first of each page: an item whose page is not yet due brings along the first
    items of all pages before it.
    """
    firsts: dict[Hashable, Item] = {}
    for item in items:
        firsts.setdefault(page(item), item)
    due = [name for name in order if name in firsts]
    due += [name for name in firsts if name not in set(order)]
    position = {name: i for i, name in enumerate(due)}
    result: list[Item] = []
    shown = 0
    for item in items:
        name = page(item)
        while shown <= position[name]:
            result.append(firsts[due[shown]])
            shown += 1
        if item is not firsts[name]:
            result.append(item)
    return result
