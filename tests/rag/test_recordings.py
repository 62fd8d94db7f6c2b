"""A film beside manuals: found by what is said and shown in it, and cited by its time and frame, everywhere alike."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from make_films import make_film, scene, srt
from PIL import Image

from rag.__main__ import main
from rag.agents import results
from rag.answering.answer import answer
from rag.answering.prompting.prompts import messages
from rag.api import views
from rag.config import Settings
from rag.export.document import source
from rag.images import open_picture
from rag.index import Index
from rag.interop import metadata_of
from rag.retrieval.search import search
from rag.types import Answer, Query
from ui.shown.messages import conversation
from ui.shown.payload import turn
from ui.state.session import Exchange

SAID = [(1.0, 4.0, "Lift the gripper and unscrew the collet."), (64.0, 68.0, "Grease the spindle with two drops.")]


@pytest.fixture(scope="module")
def settings(copy_of: Callable[[], Settings], tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The manual's library and a film of 70 seconds with subtitles beside it."""
    made = replace(copy_of(), ocr="off")
    folder = tmp_path_factory.mktemp("film")
    shown = [(62.0, scene("COLLET", "red")), (8.0, scene("SPINDLE", "blue", "rectangle"))]
    film = make_film(folder / "repair.mp4", shown, sound=False)
    (folder / "repair.srt").write_text(srt(SAID))
    with Index.open(made) as index:
        (added,) = index.add([film])
        assert added.status == "added" and added.pages == 2 and not added.problems
    return made


def answered(index: Index, question: str) -> Answer:
    *_, done = answer(index, Query(question))
    return done.answer  # type: ignore[union-attr]


def test_a_citation_says_the_time_and_shows_the_frame(settings: Settings) -> None:
    with Index.open(settings) as index:
        given = answered(index, "How much grease does the spindle get?")
        cited = {piece.number: piece for piece in given.evidence}
        first = given.citations[0]
        piece = cited[first.number]
        assert piece.doc_name == "repair.mp4" and piece.time and piece.place == piece.time
        start, end = piece.time.split("–")
        assert start >= "00:30" and end == "01:10"
        assert source(first, cited).startswith(f"repair.mp4, {piece.time}, ")
        assert views.citations(given)[0].time == views.evidence(given.evidence)[first.number - 1].time == piece.time
        assert f"repair.mp4, {piece.time}" in results.answered_text(results.answered(given))
        prompt = messages("How?", None, given.evidence, (), False, 0, "")
        assert f'time="{piece.time}"' in "".join(str(part) for message in prompt for part in message.parts)
        exchange = Exchange(
            1, "How much grease?", status="done", answer=given, text=given.text, evidence=given.evidence
        )
        drawn = str(conversation([exchange]))
        assert f"repair.mp4, {piece.time}" in drawn
        printed = [piece for piece in given.evidence if piece.doc_name != "repair.mp4"]
        assert all(piece.time == "" and piece.place == f"page {piece.chunk.page}" for piece in printed)


def test_its_frames_are_found_and_their_seconds_are_metadata(settings: Settings) -> None:
    with Index.open(settings) as index:
        film = next(row for row in index.catalogue.documents() if row.name == "repair.mp4")
        hits = search(index, Query("collet gripper", docs=frozenset({film.id}))).hits
        frame = next(hit for hit in hits if hit.chunk.kind == "figure")
        assert frame.chunk.page == 1 and frame.chunk.caption == "Frame at 00:00"
        assert "unscrew the collet" in frame.chunk.mentions
        told = metadata_of(index, frame)
        assert (told["start_seconds"], told["page_label"][:5]) == (0.0, "00:00") and told["end_seconds"] > 30
        with index.files.path(film.id, frame.chunk.image or "").open("rb") as picture:
            shown = picture.read()
        same = search(index, Query("", _picture(shown)))
        assert same.hits[0].chunk.doc == film.id and same.hits[0].chunk.page == 1


def _picture(data: bytes) -> Image.Image:
    return open_picture(io.BytesIO(data), "frame.jpg")


def test_it_is_read_again_with_the_subtitles_that_lay_beside_it(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with Index.open(settings) as index:
        film = next(row for row in index.catalogue.documents() if row.name == "repair.mp4")
        (index.files.document(film.id) / "parser.json").unlink()
        read = {one.name: one for one in index.reparse(workers=1)}
        assert read["repair.mp4"].error == "" and read["repair.mp4"].pages == 2
        assert "two drops" in answered(index, "How much grease does the spindle get?").text
    capsys.readouterr()
    main(["ask", "How much grease does the spindle get?", "--index", str(settings.index)])
    assert "repair.mp4 01:00–01:10" in capsys.readouterr().out


def test_what_the_viewer_is_told(settings: Settings) -> None:
    from ui.state.backend import Library

    with Index.open(settings) as index:
        library = Library(index, None, settings)
        given = answered(index, "How much grease does the spindle get?")
        exchange = Exchange(1, "How?", status="done", answer=given, text=given.text, evidence=given.evidence)
        assert '"time": "01:00' in turn(exchange, library) and Path(settings.index).is_dir()
        library.conversations.stop()
