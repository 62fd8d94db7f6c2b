"""Addresses and forged requests over real HTTP: nothing but pictures of indexed documents comes out."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr
import httpx
import pytest
from gradio_wire import call
from PIL import Image

from rag.monitoring.totals import TOTALS
from ui.addresses import routes
from ui.people.accounts import Accounts
from ui.shown import payload
from ui.state.backend import Library

MakePdf = Callable[..., Path]
Launch = Callable[..., gr.Blocks]


def test_page_pictures_and_cutouts_of_indexed_documents(http: httpx.Client, library: Library, manual: str) -> None:
    doc = manual
    picture = http.get(f"pagesight/page/{doc}/2")
    assert picture.status_code == 200
    assert picture.headers["content-type"] == "image/jpeg"
    for chunk in library.index.catalogue.chunks_of(doc):
        cutout = http.get(payload.cutout_url(doc, chunk.id))
        assert (cutout.headers["content-type"], cutout.content[:2]) == ("image/jpeg", b"\xff\xd8"), chunk.kind
        assert http.get(payload.cutout_url(doc, chunk.id, chunk.page)).content == cutout.content
        assert http.get(payload.cutout_url(doc, chunk.id, 99)).status_code == 404


def test_pictures_of_documents_that_were_read_before_are_what_they_were() -> None:
    for kind, said in (("WEBP", "image/webp"), ("JPEG", "image/jpeg")):
        Image.new("RGB", (8, 8)).save(kept := io.BytesIO(), kind)
        assert routes.media_type(kept.getvalue()) == said


def test_a_picture_that_was_replaced_is_not_taken_from_the_browsers_memory(
    http: httpx.Client, library: Library, tmp_path: Path, make_pdf: MakePdf
) -> None:
    doc = library.index.add([make_pdf(tmp_path / "again.pdf", "A note about lamps that is read again.")])[0].doc_id
    passage = next(chunk for chunk in library.index.catalogue.chunks_of(doc) if chunk.kind == "text")
    addresses = (f"pagesight/page/{doc}/1", payload.cutout_url(doc, passage.id))
    first = {address: http.get(address) for address in addresses}
    for address, reply in first.items():
        assert "immutable" not in reply.headers["cache-control"] and "no-cache" in reply.headers["cache-control"]
        again = http.get(address, headers={"if-none-match": reply.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    with Image.open(library.page_picture(doc, 1)) as picture:
        other = Image.new("RGB", picture.size, "darkgreen")
    document, folder = library.index.files.load_document(doc), library.index.files.stage()
    shutil.copytree(library.index.files.document(doc), folder, dirs_exist_ok=True)
    other.save(folder / str(document.pages[0].image))
    library.index.files.adopt(document, folder)
    for address, reply in first.items():
        now = http.get(address, headers={"if-none-match": reply.headers["etag"]})
        assert now.status_code == 200 and now.content != reply.content
    library.remove(doc)
    assert http.get(addresses[0], headers={"if-none-match": first[addresses[0]].headers["etag"]}).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "pagesight/page/{doc}/0",
        "pagesight/page/{doc}/4",
        "pagesight/page/{doc}/../../catalogue.sqlite3",
        "pagesight/page/..%2f..%2fcatalogue.sqlite3/1",
        "pagesight/page/%2e%2e/1",
        "pagesight/page/unknown/1",
        "pagesight/cutout/{doc}/unknown",
        "pagesight/cutout/{doc}/..%2f..%2foriginal.pdf",
        "pagesight/cutout/{evil}/{chunk}",
    ],
)
def test_no_address_leads_to_anything_else(http: httpx.Client, library: Library, address: str, manual: str) -> None:
    doc = manual
    evil = next(row.id for row in library.documents() if row.id != doc)
    chunk = library.index.catalogue.chunks_of(doc)[0].id
    reply = http.get(address.format(doc=doc, evil=evil, chunk=chunk))
    assert reply.status_code == 404
    assert "index" not in reply.text or "/" not in reply.text  # no path of the server in the message


def test_a_part_of_a_cut_out_is_served_and_what_names_none_is_passed_over(
    http: httpx.Client, library: Library, manual: str
) -> None:
    table = library.index.catalogue.chunks_of(manual, kinds=("table",))[0]
    address = f"pagesight/cutout/{manual}/{table.id}"
    whole = picture_in(http.get(address))
    part = http.get(f"{address}?part=0,500,500,1000")
    assert part.headers["content-type"] == "image/jpeg"
    assert picture_in(part).size == pytest.approx((whole.width / 2, whole.height / 2), abs=1)
    for wrong in ("0,500", "1,2,3,4;5", "-1,0,1,1;0,0,0,0", "x"):
        assert picture_in(http.get(address, params={"part": wrong})).size == whole.size
    box = picture_in(http.get(f"{address}?page={table.page}&box=50.0,50.0,250.0,100.0&part=0,0,1000,1000"))
    assert box.width / box.height == pytest.approx(4, abs=0.1)
    assert http.get(f"{address}?page={table.page}&box=9000.0,50.0,9100.0,100.0").status_code == 404
    assert http.get(f"{address}?page=99&box=50.0,50.0,250.0,100.0").status_code == 404
    assert picture_in(http.get(f"{address}?part=9999,9999,9999,9999;0,0,0,0")).size == (1, 1)


def picture_in(reply: httpx.Response) -> Image.Image:
    assert reply.status_code == 200
    return Image.open(io.BytesIO(reply.content))


def test_every_reply_carries_the_content_policy(http: httpx.Client, library: Library, manual: str) -> None:
    for address in ("", "config", f"pagesight/page/{manual}/1", "pagesight/page/unknown/1"):
        policy = http.get(address).headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "img-src 'self' data: blob:" in policy
        assert "http" not in policy


def test_the_page_fetches_nothing_from_elsewhere(http: httpx.Client) -> None:
    text = http.get("").text
    assert "fonts.googleapis" not in text
    assert "ps-view" in text  # our styles are in the head


def test_a_removed_document_is_no_longer_served(
    http: httpx.Client, library: Library, tmp_path: Path, make_pdf: MakePdf
) -> None:
    added = library.index.add([make_pdf(tmp_path / "short.pdf", "A note about lamps that will be removed again.")])[0]
    assert http.get(f"pagesight/page/{added.doc_id}/1").status_code == 200
    library.remove(added.doc_id)
    assert http.get(f"pagesight/page/{added.doc_id}/1").status_code == 404


def test_a_click_on_a_citation_is_counted(http: httpx.Client) -> None:
    def counted() -> int:
        return sum(n for (event, _), n in TOTALS.now().events.items() if event == "citation_clicks")

    before = counted()
    assert http.post("pagesight/clicked").status_code == 204
    assert http.get("pagesight/clicked").status_code == 405
    assert counted() == before + 1


def test_signing_in_covers_our_own_addresses(library: Library, manual: str, launch: Launch) -> None:
    page = launch(auth=Accounts({"ana": "s3cret"}, pause=0.0).check)
    try:
        with httpx.Client(base_url=page.local_url, trust_env=False, timeout=30) as http:
            picture = f"pagesight/page/{manual}/1"
            assert http.get(picture).status_code == 401
            assert http.post("pagesight/clicked").status_code == 401
            http.cookies.set(f"access-token-{page.app.cookie_id}", "forged")
            assert http.get(picture).status_code == 401
            http.cookies.clear()
            assert http.post("login", data={"username": "ana", "password": "wrong"}).status_code == 400
            assert http.get(picture).status_code == 401
            assert http.post("login", data={"username": "ana", "password": "s3cret"}).status_code == 200
            assert http.get(picture).status_code == 200
    finally:
        page.close(verbose=False)


def test_news_are_those_of_the_asking_browser(
    http: httpx.Client, page: gr.Blocks, tmp_path: Path, make_pdf: MakePdf
) -> None:
    """A reloaded page is another session with the same cookie; other browsers see nothing of its uploads."""
    http.get("")
    assert "pagesight-browser" in http.cookies
    assert http.get("pagesight/news").json()["uploads"] == ""
    files = {"files": ("notes.pdf", b"<html>")}
    path = http.post("gradio_api/upload", files=files).json()[0]
    assert call(http, page, "add", [[forged(path) | {"orig_name": "notes.pdf"}], None])[-1]["success"]
    assert "notes.pdf" in http.get("pagesight/news").json()["uploads"]
    with httpx.Client(base_url=page.local_url, trust_env=False, timeout=60) as stranger:
        assert stranger.get("pagesight/news").json()["uploads"] is None  # no cookie yet
        stranger.get("")
        assert stranger.get("pagesight/news").json()["uploads"] == ""


def test_news_tell_that_the_library_has_changed(
    http: httpx.Client, library: Library, tmp_path: Path, make_pdf: MakePdf
) -> None:
    before = http.get("pagesight/news").json()["library"]
    assert http.get("pagesight/news").json()["library"] == before
    added = library.index.add([make_pdf(tmp_path / "brief.pdf", "A note about valves.")])[0]
    assert http.get("pagesight/news").json()["library"] != before
    library.remove(added.doc_id)
    assert http.get("pagesight/news").json()["library"] == before


def forged(path: str) -> dict[str, Any]:
    return {"path": path, "meta": {"_type": "gradio.FileData"}, "orig_name": "a.png", "mime_type": "image/png"}


@pytest.mark.parametrize("path", ["/etc/passwd", "{index}/catalogue.sqlite3", "/proc/self/environ"])
def test_a_forged_file_of_the_server_is_refused(
    http: httpx.Client, page: gr.Blocks, library: Library, path: str
) -> None:
    """Only an app that was launched checks this; one mounted into another server would hand the file out."""
    path = path.format(index=library.settings.index)
    for name, data in (
        ("ask", [{"text": "What is E18?", "files": [forged(path)]}, "", None]),
        ("add", [[forged(path)], None]),
    ):
        heard = call(http, page, name, data)
        assert heard[-1]["success"] is False, name
        assert "root:" not in json.dumps(heard)
    assert http.get(f"gradio_api/file={path}").status_code in (403, 404)


def test_a_private_picture_or_pdf_of_the_server_is_refused(
    http: httpx.Client, page: gr.Blocks, make_pdf: MakePdf, tmp_path: Path
) -> None:
    """These have the right endings, so nothing but the check of a launched app stands in the way."""
    Image.new("RGB", (300, 200), "navy").save(tmp_path / "private.png")
    make_pdf(tmp_path / "private.pdf", "The payroll of the works council.")
    asked = call(http, page, "ask", [{"text": "What is this?", "files": [forged(f"{tmp_path}/private.png")]}, "", None])
    added = call(http, page, "add", [[forged(f"{tmp_path}/private.pdf")], None])
    assert (asked[-1]["success"], added[-1]["success"]) == (False, False)
    found = call(http, page, "ask", [{"text": "payroll of the works council", "files": []}, "", None])
    assert "private.pdf" not in json.dumps(found)


def test_the_question_path_works_when_nothing_is_forged(http: httpx.Client, page: gr.Blocks) -> None:
    """The counterpart of the test above: refusals there are for the file, not for the form of the request."""
    heard = call(http, page, "ask", [{"text": "What does E18 mean?", "files": []}, "", None])
    assert heard[-1]["success"] is True
    assert "Drain pump blocked" in json.dumps(heard)


def test_no_handler_takes_the_conversation_from_the_browser(page: gr.Blocks) -> None:
    chats = {number for number, block in page.blocks.items() if isinstance(block, gr.Chatbot)}
    assert chats
    for fn in page.fns.values():
        assert not chats & {block._id for block in fn.inputs}, fn.name


def test_no_handler_is_a_public_endpoint(http: httpx.Client) -> None:
    info = http.get("gradio_api/info").json()
    assert set(info["named_endpoints"]) == {"/documents", "/search", "/ask"}  # ui/addresses/public.py, no handler
    assert info["unnamed_endpoints"] == {}


@pytest.mark.parametrize(
    "value",
    [
        None, 7, "", "[]", "{", '{"off": 3}', '{"off": [1, null, {"a": 1}]}', "[1]",
        "[" * 100_000, '{"off":' * 50_000, '{"off": ' + "[" * 200_000 + "]" * 200_000 + "}", "\ud800",
        '{"off": ["a"]' + " " * payload.MOST_CHOICE + "}",
    ],
    ids=lambda value: str(value)[:20],
)  # fmt: skip
def test_a_forged_document_choice_unticks_nothing(value: object) -> None:
    assert payload.unticked(value) == frozenset()


def test_the_app_starts_where_its_first_page_takes_long(launch: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Gradio asks its own address for the page, and gives up after 3 seconds."""
    monkeypatch.setattr("gradio.networking.url_ok", lambda url: False)
    with httpx.Client(base_url=launch().local_url, trust_env=False, timeout=60) as client:
        assert client.get("/").status_code == 200
