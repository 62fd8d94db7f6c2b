"""A rectangle on a page: cut out here, asked about there, with nothing believed that the browser sends."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from PIL import Image

from ingestion.elements import BBox
from rag.types import Answer, Query, Spot
from ui.events.conversation_handlers import ConversationHandlers
from ui.events.handlers import Handlers
from ui.events.point_handlers import PointHandlers
from ui.shown import messages, payload
from ui.state.backend import Library
from ui.state.kept import exchange_of, place, turn_of
from ui.state.session import Exchange, Session

REQUEST = gr.Request(username="anna")


@pytest.fixture(scope="module")
def handlers(library: Library) -> PointHandlers:
    return PointHandlers(library)


@pytest.fixture
def point(handlers: PointHandlers) -> Callable[..., Any]:
    def pointed(session: Session, sent: object, message: object = None) -> Any:
        return handlers.point(message, session, gr.EventData(None, sent), REQUEST)

    return pointed


@pytest.fixture
def drawing(library: Library, manual: str) -> dict[str, Any]:
    """The rotor in the drawing on page 3: a bit of the figure."""
    figure = next(c for c in library.index.catalogue.chunks_of(manual, 3) if c.kind == "figure")
    x0, y0, x1, y1 = figure.bbox
    return {"doc": manual, "page": 3, "box": [x0 + (x1 - x0) * 0.45, y0 + 20, x0 + (x1 - x0) * 0.7, y1 - 60]}


def test_a_rectangle_is_cut_out_and_asked_about_where_it_is(
    point: Callable[..., Any], library: Library, manual: str, drawing: dict[str, Any]
) -> None:
    session = Session()
    box, chip = point(session, drawing, {"text": "What is this?", "files": []})
    assert box["value"]["text"] == "What is this?" and "lagoon-manual.pdf, page 3" in chip
    cut = Path(box["value"]["files"][0])
    with Image.open(cut) as picture:
        page = library.page(manual, 3)
        wanted = (drawing["box"][2] - drawing["box"][0]) / (drawing["box"][3] - drawing["box"][1])
        assert abs(picture.width / picture.height - wanted) < 0.05 and picture.width < page.width * 4

    for _ in Handlers(library).ask({"text": "What is this?", "files": [str(cut)]}, "", session, REQUEST):
        pass
    exchange = session.exchanges[-1]
    assert exchange.status == "done", exchange.error
    assert exchange.spot is not None and exchange.docs == (manual,)
    found = place(exchange)
    assert found is not None and (found.chunk.doc, found.chunk.page, found.chunk.kind) == (manual, 3, "figure")
    assert [round(value) for value in found.chunk.bbox] == [round(value) for value in drawing["box"]]
    assert session.scope is exchange and session.pointed is None
    assert '"part": true' in payload.scope(session.scope)
    assert exchange_of(turn_of(exchange), 1, None).spot == exchange.spot

    for _ in Handlers(library).ask({"text": "What is the weight of the drum?", "files": []}, "", session, REQUEST):
        pass
    assert session.exchanges[-1].about is exchange and session.exchanges[-1].docs == (manual,)


def test_a_plain_white_part_of_a_page_has_its_place_too(library: Library, manual: str) -> None:
    """Nothing in it could be recognised: that it is known where it was cut out is enough."""
    spot = Spot(manual, 2, BBox(20, 700, 120, 800))
    query = Query("What does E18 mean?", Image.new("RGB", (100, 100), "white"), frozenset({manual}), spot=spot)
    hits = library.search(query, 8).hits
    assert any(hit.same_picture and hit.bbox == spot.bbox and hit.page == (manual, 2) for hit in hits[:2])


def test_the_chip_holds_where_the_picture_was_taken_from_the_box(
    point: Callable[..., Any], library: Library, drawing: dict[str, Any]
) -> None:
    session = Session()
    point(session, drawing)
    exchange = session.begin("What is this?")
    assert exchange is not None and exchange.spot is not None and exchange.picture is not None
    session.clear()
    point(session, drawing)
    _, box, _, _, chip = ConversationHandlers(library).unscope({"text": "typed", "files": ["x"]}, session, REQUEST)
    assert (box["value"], list(json.loads(chip)), session.pointed) == ({"text": "typed", "files": []}, ["looked"], None)
    plain = session.begin("What is this?")
    assert plain is not None and plain.picture is None


def test_a_refusal_about_a_part_of_a_page_says_how_to_search_everything(manual: str) -> None:
    answer = Answer("I could not find this in the documents.", (), (), True, 0, "", 0.1)
    spot = Spot(manual, 1, BBox(0, 0, 50, 50))
    exchange = Exchange(1, "q", status="done", docs=(manual,), library=3, spot=spot, answer=answer, text=answer.text)
    said = str(messages.conversation([exchange]))
    assert "Only 1 of 3 documents was searched. To search them too, close what the question is about, above the" in said


@pytest.mark.parametrize(
    "change",
    [
        {"doc": "unknown"},
        {"doc": ["x"]},
        {"doc": "../../etc"},
        {"page": 0},
        {"page": 4},
        {"page": True},
        {"page": "3"},
        {"box": [1, 2, 3]},
        {"box": [0, 0, "a", 9]},
        {"box": [0, 0, float("nan"), 99]},
        {"box": [0, 0, float("inf"), 2]},
        {"box": [50, 50, 51, 51]},
        {"box": [5000, 5000, 6000, 6000]},
        {"box": None},
    ],
)
def test_what_is_no_place_is_refused(
    point: Callable[..., Any], manual: str, change: dict[str, object], recwarn: Any
) -> None:
    session = Session()
    box, chip = point(session, {"doc": manual, "page": 3, "box": [50, 50, 300, 300]} | change)
    assert session.pointed is None and "value" not in box and not isinstance(chip, str)
    assert point(session, "no dict")[0] == box
