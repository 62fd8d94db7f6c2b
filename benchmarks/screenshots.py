#!/usr/bin/env python3
"""Uploaded pictures against an index: screenshots.py QUESTIONS.jsonl --index DIR [--foreign QUESTIONS.jsonl].

QUESTIONS is a question file with ``image``, ``doc``, ``pages``, ``kinds``, ``how`` (what was done to it) and ``boxes``.
Prints for all, by kind and by ``how``, how often the first hit is on the right page (R@1), is verified to be the
picture, and shows its box (IoU of at least 0.5), the mean IoU on right pages, and seconds per picture. ``--foreign``:
pictures of documents that are not in the index; every one that is said to be found is listed, and should be looked at:
the same photograph or logo may stand in two documents.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ingestion.geometry import iou
from rag.config import Settings, quiet
from rag.evaluation.questionset import Question, read_questions
from rag.images import open_picture
from rag.index import Index
from rag.retrieval.search import search
from rag.types import Hit, Query

SAME_BOX = 0.5  # IoU from which a hit shows the box


class Result(NamedTuple):
    """One picture's first hit and the seconds it took."""

    question: Question
    hit: Hit | None
    doc: str
    right: bool
    overlap: float
    seconds: float


def ask(index: Index, questions: Sequence[Question]) -> Iterator[Result]:
    names = {row.id: row.name for row in index.catalogue.documents()}
    for number, question in enumerate(questions):
        image = open_picture(question.image) if question.image else None
        if number == 0:
            search(index, Query(image=open_picture(questions[-1].image or ""), text="warm"), fresh=True)
        started = time.perf_counter()
        hit = next(iter(search(index, Query(question.text, image), fresh=True).hits), None)
        seconds = time.perf_counter() - started
        doc = names[hit.chunk.doc] if hit else ""
        right = hit is not None and doc == question.doc and hit.chunk.page in question.pages
        boxes = [box for page, box in question.boxes if hit and page == hit.chunk.page]
        overlap = max((iou(hit.bbox, box) for box in boxes), default=0.0) if hit and right else 0.0
        yield Result(question, hit, doc, right, overlap, seconds)
        if sys.stderr.isatty():
            print(f"\r{number + 1}/{len(questions)}", end="", file=sys.stderr)


def table(results: Sequence[Result]) -> Iterator[str]:
    slices: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        for kind in ("all", *filter(None, (*result.question.kinds, result.question.how))):
            slices[kind].append(result)
    yield f"{'':12}{'n':>5}{'R@1':>8}{'verified':>10}{'box@1':>8}{'IoU':>8}"
    for kind, rows in sorted(slices.items(), key=lambda entry: (entry[0] != "all", entry[0])):
        right, same = fmean(row.right for row in rows), fmean(bool(row.hit and row.hit.same_picture) for row in rows)
        boxes = fmean(row.overlap >= SAME_BOX for row in rows)
        overlap = fmean([row.overlap for row in rows if row.right] or [0.0])
        yield f"{kind:12}{len(rows):5}{right:8.3f}{same:10.3f}{boxes:8.3f}{overlap:8.3f}"
    yield latency(results)


def misses(results: Sequence[Result]) -> Iterator[str]:
    for question, hit, doc, right, overlap, _ in results:
        if (not right or overlap < SAME_BOX) and question.image:
            found = f"{doc} p. {hit.chunk.page}, {'verified' if hit.same_picture else 'similar'}" if hit else "nothing"
            yield f"  {question.image.name}: {question.doc} p. {sorted(question.pages)}; {found}, IoU {overlap:.2f}"


def latency(results: Sequence[Result]) -> str:
    seconds = sorted(result.seconds for result in results)
    return f"p50 {seconds[len(seconds) // 2]:.2f} s, p95 {seconds[int(len(seconds) * 0.95)]:.2f} s per picture"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--foreign", type=Path, help="pictures of documents that are not in the index")
    parser.add_argument("--limit", type=int, help="so many pictures of each file, spread over it")
    args = parser.parse_args()
    quiet()
    with Index.open(Settings.from_environment(index=args.index)) as index:
        results = list(ask(index, spread(read_questions(args.questions), args.limit)))
        print("\n".join((*table(results), *misses(results))))
        if args.foreign:
            foreign = list(ask(index, spread(read_questions(args.foreign), args.limit)))
            false = [result for result in foreign if result.hit and result.hit.same_picture]
            print(f"\nforeign: {len(foreign)} pictures, {len(false)} said to be found; {latency(foreign)}")
            print("\n".join(misses(false)), end="\n" if false else "")


def spread(questions: Sequence[Question], limit: int | None) -> Sequence[Question]:
    pictures = [question for question in questions if question.image]
    return pictures[:: max(1, len(pictures) // limit)][:limit] if limit else pictures


if __name__ == "__main__":
    main()
