"""Two runs of the same questions side by side: what changed on the mean, and which questions flipped.

Differences are taken question by question, so their intervals are narrower than those of two means. A question flips
where one run meets a measure (the right page among the first five, say) and the other does not; for each of these it is
kept where the right page stood in either run.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rag.evaluation.metrics import (
    Estimate,
    HitLocation,
    Latency,
    estimates,
    latency,
    pages_of,
    shares_of_falls,
    shows,
)
from rag.evaluation.names import FLIP
from rag.evaluation.questionset import Question, Slice
from rag.evaluation.runs import QuestionResult, RecordedHit, Run, Scope
from rag.evaluation.scores import estimate_json, in_order, measures_of
from rag.types import ChannelScore


@dataclass(frozen=True, slots=True)
class Change:
    """A measure of the same questions before and after; ``difference`` is after less before, paired.

    ``lost`` and ``found`` are questions for which it is less, or more, than before; ``fell`` is the share of draws of
    the documents in which the mean is less, None for too few documents.
    """

    before: float
    after: float
    difference: Estimate
    lost: int
    found: int
    fell: float | None


@dataclass(frozen=True, slots=True)
class SliceChange:
    """The changes of every measure in one slice of the questions."""

    slice: Slice
    questions: int
    documents: int
    changes: Mapping[str, Change]


@dataclass(frozen=True, slots=True)
class FirstRight:
    """Where a run has the first right page (or box): its rank from 1, None where it is not among the hits.

    ``channels`` are the best ranks that the page (or box) has in each of them, None where that is not known.
    ``first`` is what stands first instead, ``depth`` how many pages (or hits) there are.
    """

    rank: int | None
    page: int | None
    channels: Mapping[str, int] | None
    first: HitLocation | None
    depth: int


@dataclass(frozen=True, slots=True)
class Flip:
    """A question that one run answers and the other does not."""

    question: Question
    lost: bool
    before: FirstRight
    after: FirstRight


@dataclass(frozen=True, slots=True)
class Comparison:
    """One scope. ``only_before`` and ``only_after`` are questions that the other run lacks; they are left out.

    ``name`` is that of the question set, where there are several.
    """

    scope: Scope
    measure: str
    slices: tuple[SliceChange, ...]
    flips: tuple[Flip, ...]
    before: Latency
    after: Latency
    only_before: int
    only_after: int
    name: str = ""

    def as_json(self) -> dict[str, Any]:
        """For ``--json``: a stable format."""
        return {
            "slices": [slice_json(part) for part in self.slices],
            "flipped_on": self.measure,
            "flips": [_flip_json(flip) for flip in self.flips],
            "seconds": {"before": self.before._asdict(), "after": self.after._asdict()},
            "only_before": self.only_before,
            "only_after": self.only_after,
        }


def compare(before: Run, after: Run, flip: str = FLIP, name: str = "") -> list[Comparison]:
    """One comparison per scope that both runs have; flips are those of the measure ``flip``, lost ones first.

    ``name`` is that of the question set, where there are several.
    """
    return [_compare(before[scope], after[scope], scope, flip, name) for scope in before if scope in after]


def _compare(
    before: Sequence[QuestionResult], after: Sequence[QuestionResult], scope: Scope, flip: str, name: str
) -> Comparison:
    old, new = ({entry.question.line: entry for entry in found} for found in (before, after))
    both = [(old[line], new[line]) for line in old if line in new]
    scored = [(a, b, *_measures(a, b)) for a, b in both if a.question.pages]
    groups: dict[Slice, list[tuple[Question, Mapping[str, float], Mapping[str, float]]]] = defaultdict(list)
    for a, _, was, now in scored:
        for part in a.question.slices:
            groups[part].append((a.question, was, now))
    flips = [_flip(a, b, flip, was[flip] > now[flip]) for a, b, was, now in scored if was.get(flip) != now.get(flip)]
    return Comparison(
        scope,
        flip,
        tuple(change_of(part, groups[part]) for part in in_order(groups)),
        tuple(sorted(flips, key=lambda entry: (not entry.lost, entry.question.line))),
        _latency(a for a, _ in both),
        _latency(b for _, b in both),
        len(old.keys() - new.keys()),
        len(new.keys() - old.keys()),
        name,
    )


def _measures(before: QuestionResult, after: QuestionResult) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """The measures that both runs have: one may have answered and the other not."""
    was, now = measures_of(before), measures_of(after)
    both = [name for name in was if name in now]
    return {name: was[name] for name in both}, {name: now[name] for name in both}


def _latency(found: Iterable[QuestionResult]) -> Latency:
    seconds = [entry.seconds for entry in found]
    return latency(seconds) if seconds else Latency(0.0, 0.0)


def change_of(part: Slice, scored: Sequence[tuple[Question, Mapping[str, float], Mapping[str, float]]]) -> SliceChange:
    """What changed in a slice, of each question with its measures before and after, both with the same names."""
    documents = [question.doc for question, _, _ in scored]
    was = estimates([before for _, before, _ in scored], documents)
    now = estimates([after for _, _, after in scored], documents)
    steps = [{name: after[name] - before[name] for name in before} for _, before, after in scored]
    moved, falls = estimates(steps, documents), shares_of_falls(steps, documents)
    lost, found = (Counter(name for step in steps for name in step if step[name] * sign > 0) for sign in (-1, 1))
    changes = {
        name: Change(was[name].mean, now[name].mean, moved[name], lost[name], found[name], falls[name])
        for name in moved
    }
    return SliceChange(part, len(scored), len(set(documents)), changes)


# -- why a question flipped ----------------------------------------------------------------------------------------


def _flip(before: QuestionResult, after: QuestionResult, name: str, lost: bool) -> Flip:
    by_box = name.startswith("region")
    return Flip(before.question, lost, _first_right(before, by_box), _first_right(after, by_box))


def _first_right(found: QuestionResult, by_box: bool) -> FirstRight:
    question, depth = found.question, len(found.hits if by_box else pages_of(found.places))
    right = [hit for hit in found.hits if _is_right(question, by_box)(hit)]
    first = found.hits[0].place if found.hits and found.hits[0] not in right else None
    if not right:
        return FirstRight(None, None, None, first, depth)
    place = right[0].place
    same = right[:1] if by_box else [hit for hit in right if hit.place.page == place.page]
    rank = found.hits.index(right[0]) + 1 if by_box else pages_of(found.places).index((place.doc, place.page)) + 1
    return FirstRight(rank, place.page, _best_ranks(hit.channels for hit in same), first, depth)


def _is_right(question: Question, by_box: bool) -> Callable[[RecordedHit], bool]:
    if by_box:
        return lambda hit: shows(question, hit.place)
    return lambda hit: hit.place.doc == question.doc and hit.place.page in question.pages


def _best_ranks(seen: Iterable[Mapping[str, ChannelScore]]) -> dict[str, int]:
    best: dict[str, int] = {}
    for channels in seen:
        for name, score in channels.items():
            best[name] = min(best.get(name, score.rank), score.rank)
    return best


def slice_json(part: SliceChange) -> dict[str, Any]:
    """The changes of a slice for ``--json``."""
    measures = {
        name: {
            "before": round(change.before, 4),
            "after": round(change.after, 4),
            "lost": change.lost,
            "found": change.found,
            **{
                "difference" if key == "mean" else key: value for key, value in estimate_json(change.difference).items()
            },
        }
        for name, change in part.changes.items()
    }
    family, name = part.slice
    return {"family": family, "name": name, "n": part.questions, "documents": part.documents, "measures": measures}


def _flip_json(flip: Flip) -> dict[str, Any]:
    question = flip.question
    return {
        "id": question.line,
        "question": question.text,
        "image": str(question.image) if question.image else None,
        "doc": question.doc,
        "pages": sorted(question.pages),
        "kinds": list(question.kinds),
        "now": "lost" if flip.lost else "found",
        "before": _first_right_json(flip.before),
        "after": _first_right_json(flip.after),
    }


def _first_right_json(first_right: FirstRight) -> dict[str, Any]:
    first = {"doc": first_right.first.doc, "page": first_right.first.page} if first_right.first else None
    channels = None if first_right.channels is None else dict(first_right.channels)
    return {"rank": first_right.rank, "page": first_right.page, "channels": channels, "first": first}
