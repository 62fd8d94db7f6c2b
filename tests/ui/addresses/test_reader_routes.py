"""What the reader is given over real HTTP: pages and words, places, pictures; nothing to who is not signed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr
import httpx
import pytest

from rag.browsing.books import Books
from ui.addresses.reader_routes import AT_ONCE, MOST_PLACES
from ui.people.accounts import Accounts
from ui.state.backend import Library


def test_a_document_has_its_pages_headings_and_words(http: httpx.Client, manual: str) -> None:
    book = http.get(f"pagesight/read/{manual}").json()
    assert (book["name"], len(book["pages"]), book["problems"]) == ("lagoon-manual.pdf", 3, [])
    assert book["pages"][0][:2] == [595.3, 841.9]
    named = [(text, page) for _, text, page, _ in book["headings"]]
    assert named[-4:] == [("Cleaning the filter", 1), ("Transport", 1), ("Fault finding", 2), ("Drain pump", 3)]
    tops = {text: top for _, text, page, top in book["headings"] if page == 1}
    assert 0 < tops["Cleaning the filter"] < tops["Transport"] < 1
    page = http.get(f"pagesight/read/{manual}/2").json()
    assert not page["whole"] and any("Drain pump blocked" in text for text, *_ in page["lines"])
    assert all(0 <= value <= 1 for _, *box, _turned in page["lines"] for value in box)
    assert "table" in {kind for kind, *_ in page["pieces"]}


def test_words_are_found_where_they_stand(http: httpx.Client, manual: str) -> None:
    reply = http.get(f"pagesight/read/{manual}/find", params={"words": "DRAIN  pump"}).json()
    assert [(page, text) for page, _, _, _, text, _ in reply["places"]] == [
        (2, "Drain pump"), (3, "Drain pump"), (3, "Drain pump"),
    ]  # fmt: skip
    page, spans, top, *_ = reply["places"][0]
    lines = http.get(f"pagesight/read/{manual}/{page}").json()["lines"]
    (line, start, stop), *_ = spans
    assert lines[line][0][start:stop] == "Drain pump" and lines[line][2] == top
    assert http.get(f"pagesight/read/{manual}/find", params={"words": "boiler"}).json() == {"places": [], "more": False}
    assert http.get(f"pagesight/read/{manual}/find", params={"words": "e" * 5000}).json()["places"] == []
    many = http.get(f"pagesight/read/{manual}/find", params={"words": "e"}).json()
    assert 0 < len(many["places"]) <= MOST_PLACES


def test_the_gallery_has_figures_and_tables_by_their_words(http: httpx.Client, manual: str) -> None:
    shown = http.get("pagesight/gallery").json()["shown"]
    assert {(item["kind"], item["page"]) for item in shown} == {("Table", 2), ("Figure", 3)} and len(shown) <= AT_ONCE
    (table,) = http.get("pagesight/gallery", params={"words": "error CODES impeller"}).json()["shown"]
    assert (table["doc"], table["name"]) == (manual, "lagoon-manual.pdf")
    assert http.get(table["cutout"]).status_code == 200
    (figure,) = http.get("pagesight/gallery", params={"kind": "figure", "doc": manual}).json()["shown"]
    assert figure["caption"].startswith("Figure 1: Drain pump")
    assert http.get("pagesight/gallery", params={"words": "boiler"}).json() == {"shown": [], "more": False}
    assert http.get("pagesight/gallery", params={"start": "1"}).json()["shown"] == shown[1:]
    assert http.get("pagesight/gallery", params={"start": "-1", "kind": "page"}).json()["shown"] == []


@pytest.mark.parametrize(
    "address",
    [
        "read/unknown",
        "read/..%2f..%2fcatalogue.sqlite3",
        "read/unknown/1",
        "read/{doc}/0",
        "read/{doc}/4",
        "read/unknown/find?words=a",
    ],
)
def test_what_is_not_there_is_said(http: httpx.Client, manual: str, address: str) -> None:
    reply = http.get(f"pagesight/{address.format(doc=manual)}")
    assert reply.status_code == 404 and "sqlite" not in reply.text


def test_who_is_not_signed_in_reads_nothing(launch: Callable[..., gr.Blocks], manual: str) -> None:
    page = launch(auth=Accounts({"anna": "secret"}, pause=0.0).check)
    with httpx.Client(base_url=page.local_url, trust_env=False) as client:
        for address in (f"read/{manual}", f"read/{manual}/1", f"read/{manual}/find?words=a", "gallery"):
            assert client.get(f"pagesight/{address}").status_code == 401
        client.post("login", data={"username": "anna", "password": "secret"})
        assert client.get(f"pagesight/read/{manual}").status_code == 200


def test_a_page_without_stored_lines_has_its_elements_instead(library: Library, manual: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(library.index.files, "lines", lambda doc, page: [])
    books = Books(library.index)
    page = books.page(manual, 1)
    assert page.whole and any("lint filter" in line.text for line in page.lines)
    places, _ = books.find(manual, "lint filter", 5)
    assert [place.page for place in places] == [1]
