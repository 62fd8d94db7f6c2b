"""Which pictures are sent, and how small print stays readable."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from made_evidence import piece
from PIL import Image

from ingestion.elements import BBox, ChunkKind, Region, lines_file
from rag.answering.prompting.pictures import READABLE_LINE, cut_outs
from rag.answering.prompting.prompts import messages
from rag.types import Evidence

WIDE, HIGH = 1200.0, 800.0  # points of the sheet; the picture has two pixels for each
PRINT = 8.0  # points of a line: 16 pixels as it is, 5 where the sheet is scaled to 784


def sheet(folder: Path, number: int, words: Sequence[tuple[str, float, float]], kind: ChunkKind = "figure") -> Evidence:
    """A large drawing with words at places in points."""
    (folder / "pages").mkdir(exist_ok=True)
    image = folder / f"pages/{number:04d}.png"
    picture = Image.new("RGB", (int(2 * WIDE), int(2 * HIGH)), "white")
    for _, x, y in words:
        picture.paste((0, 0, 0), (int(2 * x), int(2 * y), int(2 * x) + 40, int(2 * (y + PRINT))))
    picture.save(image)
    lines = [(text, x, y, x + 60, y + PRINT) for text, x, y in words]
    (folder / lines_file(number)).write_text(json.dumps(lines), encoding="utf-8")
    made = piece(number, "drawing", "figure", page=number, crop=image)
    chunk = replace(made.chunk, kind=kind, regions=(Region(number, BBox(0, 0, WIDE, HIGH)),))
    return replace(made, chunk=chunk, page_image=image, page_size=(WIDE, HIGH))


CORNERS = (("valve", 20.0, 20.0), ("rotor", 1100.0, 20.0), ("seal", 20.0, 780.0), ("spring", 1100.0, 780.0))


def test_small_print_is_sent_as_parts_in_which_it_can_be_read(tmp_path: Path) -> None:
    drawing = sheet(tmp_path, 1, CORNERS)
    whole, *parts = cut_outs([drawing], 12, 784)[1]
    assert (whole.part, whole.image.size) == (0, (2400, 1600))
    assert [cut.part for cut in parts] == list(range(1, len(parts) + 1)) and len(parts) <= 6
    for cut in parts:
        scale = min(1.0, 784 / max(cut.image.size))
        assert 2 * PRINT * scale >= READABLE_LINE - 0.1


def test_of_many_parts_those_with_the_words_of_the_question_are_sent(tmp_path: Path) -> None:
    drawing = sheet(tmp_path, 1, CORNERS)
    for word in ("spring", "valve"):
        _, first, second = cut_outs([drawing], 4, 784, f"where is the {word}?")[1]
        assert _shows((first.image, second.image), word)


def _shows(parts: Sequence[Image.Image], word: str) -> bool:
    """Whether the black bar of a word stands in one of the parts: bars are told by where they lie in it."""
    corner = {"valve": (0, 0), "rotor": (1, 0), "seal": (0, 1), "spring": (1, 1)}[word]
    for part in parts:
        dark = part.convert("L").point(lambda value: 255 * (value < 128)).getbbox()
        if dark is not None:
            side = (int(dark[0] > part.width / 2), int(dark[1] > part.height / 2))
            if side == corner:
                return True
    return False


def test_print_that_is_readable_or_would_not_be_in_parts_either_is_sent_whole(tmp_path: Path) -> None:
    drawing = sheet(tmp_path, 1, CORNERS)
    assert len(cut_outs([drawing], 12, 2400)[1]) == 1  # nothing is scaled
    assert len(cut_outs([drawing], 12, 1900)[1]) == 1  # 12.7 pixels
    assert len(cut_outs([drawing], 2, 784)[1]) == 1  # no room for two parts
    assert len(cut_outs([sheet(tmp_path, 2, ())], 12, 784)[2]) == 1  # no print at all


def test_figures_and_tables_come_before_pages_and_passages_have_none(tmp_path: Path) -> None:
    page, figure, table = sheet(tmp_path, 1, (), "page"), sheet(tmp_path, 2, ()), sheet(tmp_path, 3, (), "table")
    passage = sheet(tmp_path, 4, (), "text")
    assert set(cut_outs([page, passage, figure, table], 2, 1568)) == {2, 3}
    assert set(cut_outs([page, passage, figure, table], 6, 1568)) == {1, 2, 3}
    asked = replace(page, pictured=True)
    assert set(cut_outs([asked, passage, figure, table], 1, 1568)) == {1}


def test_parts_leave_room_for_further_evidence(tmp_path: Path) -> None:
    found = cut_outs([sheet(tmp_path, n, CORNERS) for n in range(1, 6)], 6, 784)
    assert sum(len(cuts) for cuts in found.values()) == 6
    assert [len(found[n]) for n in (1, 2, 3)] == [4, 1, 1]
    assert cut_outs([sheet(tmp_path, 1, CORNERS)], 0, 784) == {}


@pytest.mark.parametrize("most", [1, 3, 6])
def test_the_prompt_names_each_part_and_keeps_to_the_number(tmp_path: Path, most: int) -> None:
    evidence = [sheet(tmp_path, 1, CORNERS), sheet(tmp_path, 2, ())]
    (_, user) = messages("where is the seal?", None, evidence, (), True, most, picture_side=784)
    pictures = [part for part in user.parts if isinstance(part, Image.Image)]
    text = "".join(part for part in user.parts if isinstance(part, str))
    assert len(pictures) <= most and all(max(picture.size) <= 784 for picture in pictures)
    assert text.count("Picture of [1]") == len(pictures) - text.count("Picture of [2]")
    assert ("Picture of [1] part 2" in text) == (most == 6)
