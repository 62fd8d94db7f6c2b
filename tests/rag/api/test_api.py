"""The HTTP API as programs use it, on a real server."""

from __future__ import annotations

import errno
import io
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from serving_api import Served, events
from starlette.exceptions import HTTPException

from ingestion.formats.images import open_image
from rag.answering.answer import LONGEST_QUESTION
from rag.api import models
from rag.api.problems import problem_of
from rag.storage.records import collections, feedback

QUESTION = "What is the remedy for code E18?"


def test_the_library_is_listed_and_read(http: httpx.Client, manual: str) -> None:
    (row,) = http.get("documents").json()["documents"]
    assert (row["id"], row["name"], row["pages"], row["tables"]) == (manual, "lagoon-manual.pdf", 3, 1)
    assert http.get(f"documents/{manual}").json() == row
    page = http.get(f"documents/{manual}/pages/2").json()
    assert [p["kind"] for p in page["passages"]].count("table") == 1
    table = next(p for p in page["passages"] if p["kind"] == "table")
    assert table["caption"].startswith("Table 1") and "E18" in table["text"]
    left, top, right, bottom = table["bbox"]
    assert 0 <= left < right <= page["width"] and 0 <= top < bottom <= page["height"]
    assert page["pages"] == 3


def test_pictures_of_pages_and_cutouts(http: httpx.Client, manual: str) -> None:
    page = http.get(f"documents/{manual}/pages/3").json()
    picture = http.get(page["picture"])
    assert picture.status_code == 200 and picture.headers["content-type"].startswith("image/")
    whole = open_image(io.BytesIO(picture.content))
    again = http.get(page["picture"], headers={"if-none-match": picture.headers["etag"]})
    assert again.status_code == 304
    figure = next(p for p in page["passages"] if p["kind"] == "figure")
    assert open_image(io.BytesIO(http.get(figure["cutout"]).content)).width < whole.width
    box = ",".join(str(v) for v in figure["bbox"])
    cut = open_image(io.BytesIO(http.get(f"documents/{manual}/pages/3/cutout", params={"box": box}).content))
    scale = whole.width / page["width"]
    assert cut.width == pytest.approx((figure["bbox"][2] - figure["bbox"][0]) * scale, abs=3)


@pytest.mark.parametrize("box", ["1,2,3", "a,b,c,d", "9,9,9,9", "nan,0,50,50", "700,0,900,50", "50,50,20,20"])
def test_a_box_that_holds_nothing_is_named(box: str, http: httpx.Client, manual: str) -> None:
    said = http.get(f"documents/{manual}/pages/3/cutout", params={"box": box})
    assert said.status_code == 422
    assert "box" in said.json()["detail"] or "points" in said.json()["detail"]


@pytest.mark.parametrize(("said", "named"), [("lagoon-manual.pdf", "lagoon-manual.pdf"), ("ab" * 32, "abababababab")])
def test_what_an_address_names_in_vain_is_said(http: httpx.Client, said: str, named: str) -> None:
    """A name whole, of an id its beginning; and the remedy."""
    for method, address in (("GET", ""), ("DELETE", ""), ("GET", "/pages/1")):
        reply = http.request(method, f"documents/{said}{address}")
        assert reply.status_code == 404
        assert f"'{named}'" in reply.json()["detail"] and "whole id" in reply.json()["detail"]


def test_search_by_words_with_filters(http: httpx.Client, manual: str) -> None:
    hits = http.get("search", params={"q": "What does E18 mean?", "k": 5}).json()["hits"]
    assert hits[0]["page"] == 2 and hits[0]["document"] == manual and hits[0]["channels"]
    assert http.get(hits[0]["cutout"]).status_code == 200
    only = {"question": "pump", "kinds": ["figure"], "pages": [3, 3], "docs": ["lagoon-manual"]}
    found = http.post("search", json=only).json()["hits"]
    assert {(hit["kind"], hit["page"]) for hit in found} == {("figure", 3)}
    nothing = http.post("search", json={"question": "pump", "kinds": ["table"], "pages": [3, 3]})
    assert (nothing.status_code, nothing.json()["hits"]) == (200, [])


def test_collections_are_searched_within(http: httpx.Client, api: Served, manual: str) -> None:
    catalogue = api.documents.index.catalogue
    full, empty = collections.create(catalogue, "Wäsche"), collections.create(catalogue, "Nothing yet")
    collections.put(catalogue, full.id, [manual])
    rows = {row["name"]: row["documents"] for row in http.get("collections").json()["collections"]}
    assert rows == {"Nothing yet": [], "Wäsche": [manual]}
    assert http.get("search", params={"q": "E18", "collection": "wasche"}).json()["hits"]
    assert (
        "impeller"
        in http.post("ask", json={"question": QUESTION, "collections": [full.id], "keep": False}).json()["text"]
    )
    for address, sent in (("search", {}), ("ask", {"keep": False}), ("ask", {"stream": True})):
        for name, status, said in (("Nothing yet", 422, "no documents yet"), ("Washing", 404, "no collection")):
            reply = http.post(address, json={"question": QUESTION, "collections": [name], **sent})
            assert (reply.status_code, reply.headers["content-type"]) == (status, "application/problem+json")
            assert said in reply.json()["detail"]
    collections.delete(catalogue, full.id)
    collections.delete(catalogue, empty.id)


def test_search_and_ask_with_a_picture(http: httpx.Client, manual: str) -> None:
    page = http.get(f"documents/{manual}/pages/3").json()
    figure = next(p for p in page["passages"] if p["kind"] == "figure")
    picture = io.BytesIO()
    open_image(io.BytesIO(http.get(figure["cutout"]).content)).convert("RGB").save(picture, "PNG")
    sent = {"picture": ("shot.png", picture.getvalue(), "image/png")}
    hits = http.post("search/picture", files=sent).json()["hits"]
    assert hits[0]["same_picture"] and hits[0]["page"] == 3
    asked = {"question": "What is this?", "docs": ["lagoon-manual"], "keep": "false"}
    answer = http.post("ask/picture", files=sent, data=asked).json()
    assert any(piece["pictured"] for piece in answer["evidence"])
    broken = http.post("search/picture", files={"picture": ("shot.png", b"no picture", "image/png")})
    assert broken.status_code == 422 and "shot.png" in broken.json()["detail"]
    assert http.post("search/picture", files={"picture": ("shot.png", b"", "image/png")}).status_code == 422


def test_an_answer_with_its_citations_is_kept_voted_for_exported_and_deleted(http: httpx.Client, api: Served) -> None:
    answer = http.post("ask", json={"question": QUESTION}).json()
    assert "impeller" in answer["text"]
    cited = answer["citations"][0]
    assert (cited["name"], cited["page"], cited["supported"]) == ("lagoon-manual.pdf", 2, True)
    assert http.get(cited["cutout"]).status_code == http.get(cited["picture"]).status_code == 200
    talk = answer["conversation"]
    more = http.post("ask", json={"question": "And for E23?", "conversation": talk}).json()
    assert more["conversation"] == talk and "K3" in more["text"]
    thread = http.get(f"conversations/{talk}").json()
    assert [turn["question"] for turn in thread["turns"]] == [QUESTION, "And for E23?"]
    assert thread["turns"][0]["answer"]["citations"] == answer["citations"]
    listed = http.get("conversations", params={"find": "E23"}).json()["conversations"]
    assert [row["id"] for row in listed] == [talk]
    assert b"<html" in http.get(f"conversations/{talk}/export").content
    assert http.get(f"conversations/{talk}/export", params={"format": "pdf"}).content.startswith(b"%PDF")
    assert http.get(f"conversations/{talk}/export", params={"format": "exe"}).status_code == 422

    address = f"answers/{answer['answer']}/feedback"
    assert http.put(address, json={"liked": True}).status_code == 204
    (vote,) = feedback.votes(api.documents.index.catalogue)
    assert (vote.liked, vote.question, vote.cited[0].page) == (True, QUESTION, 2)
    assert http.put(address, json={"liked": None}).status_code == 204
    assert feedback.votes(api.documents.index.catalogue) == []

    assert http.delete(f"conversations/{talk}").status_code == 204
    assert http.get("conversations").json()["conversations"] == []
    assert [row["id"] for row in http.get("conversations?trash=true").json()["conversations"]] == [talk]
    assert http.delete(f"conversations/{talk}", params={"for_good": True}).status_code == 204
    assert http.get(f"conversations/{talk}").status_code == 404


def test_an_answer_as_a_stream_of_events(http: httpx.Client) -> None:
    with http.stream("POST", "ask", json={"question": QUESTION, "stream": True, "keep": False}) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        came = events(response)
    names = [name for name, _ in came]
    assert names[:2] == ["begun", "evidence"] and names[-2:] == ["citations", "done"] and "text" in names
    text = "".join(data["text"] for name, data in came if name == "text")
    done = came[-1][1]
    assert done["text"] == text and done["citations"] == came[-2][1]["citations"]
    assert done["conversation"] == ""
    assert http.get("conversations").json()["conversations"] == []


def test_a_document_is_added_as_a_job_and_removed(http: httpx.Client, scanned_pdf: Path) -> None:
    sent = http.post("documents", files={"file": ("../../etc/site note.pdf", scanned_pdf.read_bytes())})
    assert sent.status_code == 202
    job = sent.json()
    assert job["name"] == "site note.pdf"
    assert sent.headers["location"] == f"/api/v1/jobs/{job['id']}"
    done = finished(http, job["id"])
    assert (done["state"], done["finished"]) == ("added", True)
    assert http.get(f"documents/{job['document']}").json()["name"] == "site note.pdf"
    again = http.post("documents", files={"file": ("copy.pdf", scanned_pdf.read_bytes())}).json()
    assert finished(http, again["id"])["state"] == "present"
    assert job["id"] in [row["id"] for row in http.get("jobs").json()["jobs"]]
    assert http.delete(f"documents/{job['document']}").status_code == 204
    gone = http.get(f"documents/{job['document']}")
    assert gone.status_code == 404 and str(Path.cwd()) not in gone.text


def test_files_that_are_not_read_are_refused_with_a_remedy(http: httpx.Client) -> None:
    wrong = http.post("documents", files={"file": ("old.doc", b"\xd0\xcf\x11\xe0" + bytes(600))})
    assert wrong.status_code == 415 and "save it as PDF" in wrong.json()["detail"]
    empty = http.post("documents", files={"file": ("empty.pdf", b"")})
    assert empty.status_code == 422 and "empty.pdf" in empty.json()["detail"]
    assert http.post("documents", files={"file": ("..", b"%PDF-1.7")}).status_code == 422
    assert http.post("documents").json()["errors"] == ["file: is missing"]
    two = http.post("documents", files=[("file", ("a.txt", b"one")), ("file", ("b.txt", b"two"))])
    assert two.status_code == 422 and "each in a request of its own" in two.json()["detail"]
    broken = http.post("documents", files={"file": ("broken.pdf", b"%PDF-1.7 nothing")}).json()
    done = finished(http, broken["id"])
    assert done["state"] == "failed" and done["message"]


def test_a_wrong_request_is_told_what_is_wrong_with_it_in_words(http: httpx.Client) -> None:
    mistyped = http.post("ask", json={"qestion": "What is E18?"}).json()
    assert [line.partition("?")[0] for line in mistyped["errors"]] == [
        "qestion: there is no such name here; did you mean question",
        "question: is missing",
    ]
    assert "did you mean question?" in mistyped["detail"]
    cut = http.post("ask", content=b'{"question": ', headers={"content-type": "application/json"}).json()
    assert cut["errors"][0].startswith("the body: is no JSON (")
    plain = http.post("ask", content=b"What is E18?", headers={"content-type": "text/plain"}).json()
    assert "content-type: application/json" in plain["detail"]
    talk = http.get("conversations/nothing").json()
    assert "list of conversations" in talk["detail"] and "python -m" not in talk["detail"]


@pytest.mark.parametrize(
    ("address", "body", "meant"),
    [
        ("search", {"q": "pump"}, "question"),
        ("search", {"prompt": "pump"}, "question"),  # like none: it is the one that is missing
        ("search", {"question": "pump", "document": "a"}, "docs"),
        ("search", {"question": "pump", "top_k": 3}, ""),
        ("ask", {"question": "pump", "collection": "a"}, "collections"),
    ],
)
def test_a_field_that_there_is_not_is_told_with_those_that_there_are_the_nearest_first(
    address: str, body: dict[str, Any], meant: str, http: httpx.Client
) -> None:
    said = http.post(address, json=body).json()["errors"][0]
    unknown = next(name for name in reversed(body))
    assert said.startswith(f"{unknown}: there is no such name here")
    assert (f"did you mean {meant}? There are {meant}, " if meant else "here. There are ") in said
    assert all(name in said for name in ("question", "docs", "collections", "kinds", "pages"))


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ('{"question": "Pümpe"}'.encode("latin1"), 400, "JSON is text in UTF-8"),
        (b"[" * 100_000, 400, "no deeper nested"),
        (b'["pump"]', 422, "the body: is no object; send names and values in braces: question, "),
    ],
)
def test_a_body_that_cannot_be_read_is_told_how_to_send_it(
    body: bytes, status: int, said: str, http: httpx.Client
) -> None:
    reply = http.post("search", content=body, headers={"content-type": "application/json"})
    assert reply.status_code == status and said in reply.json()["detail"]


def test_a_field_for_a_file_that_holds_none_is_told_in_plain_words(http: httpx.Client) -> None:
    for sent in ({"data": {"file": "manual.pdf"}}, {"files": {"file": ("", b"%PDF-1.4")}}):
        assert http.post("documents", **sent).json()["errors"] == [
            "file: is no file; send one with its name, as curl does with -F file=@NAME"
        ]


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', 'W/"a",W/{}', "*"])
def test_a_picture_that_the_client_has_is_not_sent_again(form: str, http: httpx.Client, manual: str) -> None:
    address = f"documents/{manual}/pages/1/picture"
    etag = http.get(address).headers["etag"]
    again = http.get(address, headers={"if-none-match": form.format(etag)})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert http.get(address, headers={"if-none-match": '"other", W/"a"'}).status_code == 200


@pytest.mark.parametrize("asked", ["bytes=99999999-", "abc", "bytes=5-2", "bytes=0-9,20-30", "bytes=0-9"])
def test_a_picture_is_sent_whole_whatever_range_is_asked_for(asked: str, http: httpx.Client, manual: str) -> None:
    address = f"documents/{manual}/pages/1/picture"
    sent = http.get(address, headers={"range": asked})
    assert (sent.status_code, sent.headers["accept-ranges"], sent.content) == (200, "none", http.get(address).content)


def test_a_page_that_there_is_not_is_told_with_the_number_of_those_there_are(http: httpx.Client, manual: str) -> None:
    for address in (f"documents/{manual}/pages/99", f"documents/{manual}/pages/99/picture"):
        assert http.get(address).json()["detail"] == "lagoon-manual.pdf has no page 99; it has 3."


@pytest.mark.parametrize(
    ("address", "taken"),
    [
        ("documents", "GET, HEAD, POST"),
        ("documents/x", "GET, HEAD, DELETE"),
        ("search", "GET, HEAD, POST"),
        ("ask", "POST"),
        ("conversations/x", "GET, HEAD, DELETE"),
    ],
)
def test_a_method_that_an_address_does_not_take_is_told_all_that_it_takes(
    address: str, taken: str, http: httpx.Client
) -> None:
    refused = http.patch(address)
    assert refused.status_code == 405 and refused.headers["allow"] == taken
    said = refused.json()["detail"]
    assert "openapi.json" in said and all(method in said for method in taken.split(", "))


def test_head_is_answered_as_get_without_the_body(http: httpx.Client, manual: str) -> None:
    for address in ("documents", f"documents/{manual}/pages/1/picture", "health"):
        head, get = http.head(address), http.get(address)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == get.headers["content-length"]
    assert http.head("documents/unknown").status_code == 404
    assert 'method="HEAD",route="/documents",status="200"' in http.get("metrics").text


def test_status_health_and_metrics(http: httpx.Client, api: Served) -> None:
    status = http.get("status").json()
    assert (status["documents"], status["pages"], status["role"], status["answerer"]) == (1, 3, "admin", "")
    with api.client("") as anyone:
        assert anyone.get("health").json() == {"status": "ok"}
        assert anyone.get("metrics").status_code == 401
    assert http.request("PROPFIND", "status").status_code == 405
    text = http.get("metrics").text
    assert 'pagesight_question_seconds_bucket{stage="search",le="+Inf"} ' in text
    assert "PROPFIND" not in text and 'method="other"' in text
    assert "pagesight_documents 1\n" in text
    assert 'pagesight_requests_total{method="GET",route="/status",status="200"} ' in text
    for line in text.splitlines():
        assert line.startswith("#") or (len(line.rsplit(" ", 1)) == 2 and float(line.rsplit(" ", 1)[1]) >= 0)


def test_the_description_is_complete_and_says_what_answers_are(api: Served) -> None:
    described = httpx.get(f"{api.url}/api/openapi.json", trust_env=False).json()
    paths = described["paths"]
    assert described["servers"] == [{"url": "/api"}]
    assert {"/v1/documents", "/v1/search", "/v1/ask", "/v1/conversations", "/v1/metrics", "/v1/jobs/{job}"} <= set(
        paths
    )
    assert described["components"]["securitySchemes"]["HTTPBearer"]["scheme"] == "bearer"
    for path, methods in paths.items():
        for method, one in methods.items():
            assert one.get("summary"), (method, path)
    assert "application/problem+json" in paths["/v1/ask"]["post"]["responses"]["default"]["content"]
    page = httpx.get(f"{api.url}/api/", trust_env=False)
    assert page.headers["content-type"].startswith("text/html") and "<script" not in page.text
    for method, path in ((method, path) for path, methods in paths.items() for method in methods):
        assert f"<b>{method.upper()}</b> <code>/api{path}</code>" in page.text
    assert "<code>question</code> (string" in page.text and "<code>docs</code> (list of string or null)" in page.text


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"question": ""}, "There is no question"),
        ({"question": "x" * (LONGEST_QUESTION + 1)}, "question"),
        ({"question": "E18", "docs": []}, "list of documents to search is empty"),
        ({"question": "E18", "docs": ["no-such.pdf"]}, "No document called 'no-such.pdf'"),
        ({"question": "E18", "pages": [3, 1]}, "Pages 3 to 1"),
        ({"question": "E18", "kinds": ["poem"]}, "kinds"),
        ({"question": "E18", "conversation": "0" * 32}, "no conversation"),
        ({"question": "E18", "colour": "red"}, "colour"),
        ({"question": "E18", "stream": True, "docs": ["no-such.pdf"]}, "No document called"),
    ],
)
def test_a_question_that_cannot_be_asked_is_a_problem_with_its_remedy(
    sent: dict[str, Any], said: str, http: httpx.Client
) -> None:
    reply = http.post("ask", json=sent)
    assert reply.headers["content-type"] == "application/problem+json"
    problem = reply.json()
    assert 400 <= reply.status_code < 500 and problem["status"] == reply.status_code
    assert said in problem["detail"] and problem["type"].startswith("urn:pagesight:problem:")


def test_a_disk_that_fills_while_a_body_comes_is_said() -> None:
    refused = HTTPException(400, "There was an error parsing the body")
    refused.__cause__ = OSError(errno.ENOSPC, "No space left on device")
    problem, _ = problem_of(refused)
    assert (problem.status, problem.type) == (
        507,
        "urn:pagesight:problem:disk-full",
    ) and "send it again" in problem.detail


def test_limits_of_the_description_are_those_of_the_answerer() -> None:
    assert models.LONGEST == LONGEST_QUESTION


def finished(http: httpx.Client, job: str) -> dict[str, Any]:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        found: dict[str, Any] = http.get(f"jobs/{job}").json()
        if found["finished"]:
            return found
        time.sleep(0.1)
    raise AssertionError(found)


@pytest.mark.parametrize(
    ("path", "meant"), [("search?q=fan&docs=x", "doc"), ("search?q=fan&K=3", "k"), ("documents?colection=x", "")]
)
def test_an_argument_that_there_is_not_is_refused_and_the_known_ones_named(
    path: str, meant: str, http: httpx.Client
) -> None:
    reply = http.get(path)
    assert reply.status_code == 422 and reply.json()["type"].endswith("unknown-argument")
    said = reply.json()["detail"]
    assert said.startswith("There is no parameter '")
    assert (f"did you mean {meant}?" in said and "q" in said) if meant else "There are none here." in said


def test_json_that_is_sent_as_a_form_is_told_the_header(http: httpx.Client) -> None:
    """As curl sends it with ``-d`` alone."""
    kind = "application/x-www-form-urlencoded"
    reply = http.post("ask", content=b'{"question": "How hot?"}', headers={"content-type": kind})
    assert reply.status_code == 422 and reply.json()["type"].endswith("invalid-request")
    assert "send it with the header content-type: application/json" in reply.json()["detail"]


def test_what_is_no_picture_is_told_by_its_name(http: httpx.Client) -> None:
    reply = http.post("search/picture", files={"picture": ("notes.txt", b"only words", "text/plain")})
    assert reply.status_code == 422
    assert reply.json()["detail"] == "The picture notes.txt is not a picture that can be read; save it as PNG or JPEG"


def test_an_unknown_field_of_a_form_is_refused(http: httpx.Client, manual: str) -> None:
    files = {"picture": ("x.png", b"\x89PNG", "image/png")}
    reply = http.post("search/picture", files=files, data={"document": manual})
    assert reply.status_code == 422
    assert "There is no field 'document'; did you mean" in reply.json()["detail"]
