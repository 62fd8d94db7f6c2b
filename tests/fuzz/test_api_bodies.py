"""Bodies and addresses of API requests that nobody would write: refused with a problem that says why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_documents import make_document
from serving_api import Served, served

from rag.config import Settings

FIELDS = ("question", "docs", "kinds", "pages", "collections", "k", "conversation", "keep", "stream", "liked")
ADDRESSES = (
    ("POST", "search"), ("POST", "ask"), ("PUT", "answers/x/feedback"), ("POST", "documents"),
    ("PUT", "conversations/x"),
)  # fmt: skip
numbers = st.integers() | st.sampled_from([0, -1, 2**31, 2**63, 10**30]) | st.floats(allow_nan=False)
strings = st.text(max_size=12) | st.sampled_from(
    ["\ud800", "a\x00b", "../../etc/passwd", "%00", "' OR 1=1 --", "😀"[:1]]
)
names = st.text(max_size=20).filter(lambda name: "\n" not in name)  # no address that is served may hold one
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | numbers | strings,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(strings, inner, max_size=3),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = tmp_path_factory.mktemp("api") / "index"
    with served(Settings(index=root, encoder="builtin", words="static")) as running:
        index = running.documents.index
        folder = index.files.stage()
        index.store(make_document(folder, 1), folder)
        yield running


@pytest.fixture(scope="module")
def http(api: Served) -> Iterator[httpx.Client]:
    with api.client() as client:
        yield client


def right(answer: httpx.Response) -> None:
    assert answer.status_code < 500, (answer.request.url, answer.request.content, answer.text)
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json" and answer.json()["detail"]


@given(st.sampled_from(ADDRESSES), st.dictionaries(st.sampled_from(FIELDS), values, max_size=5))
def test_bodies_of_any_shape(http: httpx.Client, address: tuple[str, str], fields: dict[str, Any]) -> None:
    body = {"question": "pump", "keep": False, **fields}
    right(http.request(*address, content=json.dumps(body).encode(), headers={"content-type": "application/json"}))


@settings(max_examples=25)
@given(st.sampled_from(ADDRESSES), st.binary(max_size=60), st.sampled_from(["application/json", "text/plain", ""]))
def test_bodies_of_any_bytes(http: httpx.Client, address: tuple[str, str], data: bytes, kind: str) -> None:
    right(http.request(*address, content=data, headers={"content-type": kind}))


@given(
    st.dictionaries(
        st.sampled_from(["q", "doc", "kind", "first", "last", "k", "collection"]), strings | numbers, max_size=5
    )
)
def test_addresses_of_any_words(http: httpx.Client, asked: dict[str, Any]) -> None:
    shown = {name: str(value).encode(errors="replace") for name, value in {"q": "pump", **asked}.items()}
    right(http.get("search", params=shown))


@settings(max_examples=25)
@given(st.sampled_from(["documents", "pages", "conversations", "jobs"]), names, numbers)
def test_names_in_addresses(http: httpx.Client, what: str, name: str, number: float) -> None:
    part = quote(name, safe="") or "-"
    for address in (f"{what}/{part}", f"documents/{part}/pages/{number}"):
        right(http.get(address))
