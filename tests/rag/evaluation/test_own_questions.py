"""Question files: from thumbs, and read back."""

from __future__ import annotations

import json
from pathlib import Path

from PIL import Image

from ingestion.elements import BBox
from rag.errors import UnknownDocument
from rag.evaluation.made_questions import MadeQuestion
from rag.evaluation.own_questions import lines_of_made, lines_of_votes, write_questions
from rag.evaluation.questionset import read_questions
from rag.images import open_picture
from rag.storage.records.feedback import Cited, Vote

BOX = BBox(10.0, 20.0, 110.0, 220.0)


def _name(doc: str) -> str:
    if doc == "gone":
        raise UnknownDocument("it is not there")
    return f"{doc}.pdf"


def _picture(path: Path) -> bytes:
    Image.new("RGB", (30, 20), "red").save(path)
    return path.read_bytes()


def test_a_thumb_up_makes_what_was_cited_the_evidence(tmp_path: Path) -> None:
    cited = (Cited("a", 3, BOX, "table"), Cited("b", 1, BOX, "text"), Cited("a", 1, BOX, "page"))
    up = Vote("1", True, "How wide?", "…", cited, picture=_picture(tmp_path / "shot.png"))
    down = Vote("2", False, "How deep?", "…", cited, ("b",))
    for count, file in ((1, tmp_path / "up.jsonl"), (2, tmp_path / "both.jsonl")):
        lines, lost = lines_of_votes([up, down], _name, down=count == 2)
        assert (len(lines), lost) == (count, 0)
        write_questions(file, lines)
        read = read_questions(file)
        assert (read[0].text, read[0].doc, read[0].pages) == ("How wide?", "a.pdf", frozenset({1, 3}))
        assert read[0].boxes == ((3, BOX),)
        assert set(read[0].kinds) == {"table", "text"}
        assert read[0].image is not None and open_picture(read[0].image).size == (30, 20)
    assert (read[1].text, read[1].doc, read[1].pages, read[1].how) == ("How deep?", "a.pdf", frozenset(), "thumb down")


def test_votes_without_evidence_that_is_there_are_counted_and_left_out() -> None:
    gone = Vote("1", True, "How wide?", "…", (Cited("gone", 3, BOX, "table"),))
    uncited = Vote("2", True, "How wide?", "…", (), ("a",))
    assert lines_of_votes([gone, uncited], _name, down=True) == ([], 2)


def test_made_questions_are_read_back(tmp_path: Path) -> None:
    made = [
        MadeQuestion("mention", "a.pdf", 4, BOX, "figure", text="the pump stands behind it"),
        MadeQuestion("picture", "a.pdf", 4, BOX, "figure", picture=_picture(tmp_path / "shot.jpg")),
    ]
    write_questions(tmp_path / "deep" / "made.jsonl", lines_of_made(made))
    words, picture = read_questions(tmp_path / "deep" / "made.jsonl")
    assert (words.text, words.how, words.image) == ("the pump stands behind it", "mention", None)
    assert picture.image == tmp_path / "deep" / "made-pictures" / "0002.jpg" and picture.image.is_file()
    assert json.loads((tmp_path / "deep" / "made.jsonl").read_text().splitlines()[1])["question"] == ""
