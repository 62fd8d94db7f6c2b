"""A library of PDFs with drawn shapes, some with a caption and some without a word about them, and questions for it."""

from __future__ import annotations

import io
import random
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pymupdf
from shapes_clip import HELD_OUT, Scene, describe, draw

from rag.config import Settings
from rag.index import Index
from rag.retrieval.search import search
from rag.types import Channel, PageId, Query

DOCUMENTS, CAPTIONED, BARE = 3, 12, 7  # PDFs, and pages with a drawing of each kind in one
FACTS = (
    "The warranty of this unit covers {0} months from the day of purchase.",
    "Store the unit at no less than {0} degrees and away from direct sunlight.",
    "The drain pump needs {0} litres of water before its first run.",
    "Tighten the four screws of the cover with {0} newton metres.",
    "The heating element draws {0} watts while the tank is filled.",
    "Replace the intake filter after {0} hours of operation.",
)
FACT_QUESTIONS = (
    "How many months does the warranty cover?", "At what temperature is the unit stored?",
    "How much water does the drain pump need before its first run?", "How tight are the screws of the cover?",
    "How many watts does the heating element draw?", "When is the intake filter replaced?",
)  # fmt: skip


class ShapeQuestion(NamedTuple):
    """What is asked, and the file and page that answer it; ``kind``: ``bare`` (of a drawing without words) or ``fact``
    (of a sentence)."""

    text: str
    file: str
    page: int
    kind: str


def write_library(folder: Path, captions: bool = True) -> list[ShapeQuestion]:
    """Write the PDFs and return the questions: one per drawing without words, one per fact."""
    folder.mkdir(parents=True, exist_ok=True)
    chance, scenes, questions = random.Random(3), iter(HELD_OUT), list[ShapeQuestion]()
    for number in range(DOCUMENTS):
        pdf, name = pymupdf.open(), f"shapes-{number}.pdf"
        kinds = ["captioned"] * CAPTIONED + ["bare"] * BARE
        chance.shuffle(kinds)
        for page, kind in enumerate(kinds, 1):
            scene = next(scenes)
            _page(pdf, scene, chance, f"Figure {page}: A {describe(scene)}" if kind == "captioned" and captions else "")
            if kind == "bare":
                questions.append(ShapeQuestion(f"Where is a {describe(scene)}?", name, page, "bare"))
        for fact, question in list(zip(FACTS, FACT_QUESTIONS, strict=True))[number * 2 : number * 2 + 2]:
            pdf.new_page().insert_textbox(pymupdf.Rect(60, 80, 535, 400), fact.format(12 + number), fontsize=11)
            questions.append(ShapeQuestion(question, name, len(pdf), "fact"))
        pdf.save(folder / name)
        pdf.close()
    return questions


def _page(pdf: pymupdf.Document, scene: Scene, chance: random.Random, caption: str) -> None:
    page, data = pdf.new_page(), io.BytesIO()
    draw(scene, chance, 288).save(data, "PNG")
    page.insert_textbox(pymupdf.Rect(60, 60, 535, 110), "Plates of this chapter are printed at half size.", fontsize=11)
    page.insert_image(pymupdf.Rect(180, 160, 420, 400), stream=data.getvalue())
    if caption:
        page.insert_text((180, 425), caption, fontsize=10)


def library(settings: Settings, folder: Path) -> Index:
    """The index of the PDFs in a folder."""
    index = Index.open(settings, create=True)
    failed = [added.error for added in index.add([folder]) if added.status == "failed"]
    assert not failed, failed
    return index


def recall(index: Index, questions: list[ShapeQuestion], kind: str, k: int, channel: bool) -> float:
    """Share of the questions of a kind whose page is among the first ``k``; ``channel``: with text to image."""
    names = {row.name: row.id for row in index.catalogue.documents()}
    without: frozenset[Channel] = frozenset() if channel else frozenset(["text to image"])
    asked = [question for question in questions if question.kind == kind]
    found = 0
    for question in asked:
        hits = search(index, replace(Query(question.text), without=without), k=4 * k).hits
        pages = list(dict.fromkeys(hit.page for hit in hits))[:k]
        found += PageId(names[question.file], question.page) in pages
    return found / len(asked)
