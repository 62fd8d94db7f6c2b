"""Hosted encoders against a real server that speaks the documented wires: shapes, batches, trouble, cost, the key."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from embed_server import KEY, PROJECT, EmbedServer, serving, vector
from made_documents import make_document
from make_pdfs import text_pages
from PIL import Image
from running import running
from tiny_models import CORPUS

from rag.config import Settings
from rag.encoders.base import Encoder
from rag.encoders.hosted.client import LONGEST_PAUSE, TRIES, Patience, Wire
from rag.encoders.hosted.services import SERVICES
from rag.encoders.open import open_encoder
from rag.errors import BadSettings, EncoderFailed, EncoderUnavailable
from rag.index import Index
from rag.indexing.embed import GROUP, embed_document
from rag.retrieval.search import search
from rag.types import Query

MULTIMODAL = {
    "cohere/embed-v4.0": 1536,
    "voyage/voyage-multimodal-3": 1024,
    "jina/jina-clip-v2": 1024,
    "jina/jina-clip-v1": 768,
    "vertex/multimodalembedding@001": 1408,
}
COLOURS = ("navy", "darkred", "seagreen", "gold", "black")
TELLS_QUESTIONS = ("cohere", "voyage", "jina-clip-v2")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbedServer]:
    with serving() as running:
        for service in SERVICES.values():
            monkeypatch.setenv(service.key, KEY)
            path = {"vertex": PROJECT, "openai": "/v1"}.get(service.name, "")
            monkeypatch.setenv(service.url_variable, running.url + path)
        yield running


def opened(model: str, **settings: object) -> Encoder:
    return open_encoder(Settings(encoder=f"api:{model}", words="off", **settings))  # type: ignore[arg-type]


@pytest.mark.parametrize("model", MULTIMODAL)
def test_a_hosted_model_embeds_texts_and_pictures_in_order(server: EmbedServer, model: str) -> None:
    encoder = opened(model)
    assert encoder.dim == MULTIMODAL[model] and server.bodies == []
    texts = [f"passage {number}" for number in range(130)]
    rows = encoder.embed_texts(texts)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)
    for number in (0, 77, 129):
        expected = np.array(vector(texts[number], False, encoder.dim))
        np.testing.assert_allclose(rows[number], expected / np.linalg.norm(expected), atol=1e-5)
    question = encoder.embed_texts([texts[0]], query=True)[0]
    assert np.allclose(question, rows[0], atol=1e-5) != any(name in model for name in TELLS_QUESTIONS)
    pictures = [Image.new("RGB", (1500, 900), COLOURS[number % 5]) for number in range(20)]
    seen = encoder.embed_images(pictures, [""] * 20)
    np.testing.assert_allclose(seen, np.vstack([seen[:5]] * 4), atol=1e-5)
    assert np.abs(seen[0] - seen[1]).max() > 0.01
    service = SERVICES[model.partition("/")[0]]
    assert len(server.bodies) == -(-130 // service.texts) + 1 + -(-20 // service.pictures)


def test_cost_is_counted(server: EmbedServer) -> None:
    encoder = opened("cohere/embed-v4.0")
    assert encoder.spent == ""
    encoder.embed_texts(CORPUS)
    encoder.embed_images([Image.new("RGB", (40, 30), "red")] * 17, [""] * 17)
    assert encoder.spent == "cohere/embed-v4.0: 3 requests, 18 tokens, 17 pictures"
    voyage = opened("voyage/voyage-multimodal-3")
    voyage.embed_images([Image.new("RGB", (40, 30), "red")], [""])
    assert voyage.spent == "voyage/voyage-multimodal-3: 1 requests, 5 tokens, 1 pictures, 1,000 pixels"


@pytest.mark.parametrize(
    ("model", "dim"), [("openai/some-model", 48), ("voyage/voyage-3.5", 1024), ("jina/jina-embeddings-v3", 1024)]
)
def test_text_models_are_words_parts_and_unknown_sizes_are_asked_for(server: EmbedServer, model: str, dim: int) -> None:
    encoder = open_encoder(Settings(encoder="builtin", words=f"api:{model}"))
    assert encoder.parts[0].stop == dim
    expected = np.array(vector(CORPUS[0], False, dim))
    np.testing.assert_allclose(
        encoder.embed_texts([CORPUS[0]])[0, :dim], expected / np.linalg.norm(expected), atol=1e-5
    )
    assert encoder.embed_texts([" "])[0].any() == np.False_


def test_a_shorter_vector_is_asked_of_the_service_and_remembered(server: EmbedServer) -> None:
    encoder = opened("cohere/embed-v4.0", picture_dim=256)
    assert encoder.dim == 256 and encoder.picture_spec == "api:cohere/embed-v4.0?dim=256"
    assert encoder.embed_texts(CORPUS[:1]).shape == (1, 256)
    assert server.bodies[-1][1]["output_dimension"] == 256
    again = open_encoder(Settings(encoder=encoder.picture_spec, words="off"))
    assert again.fingerprint == encoder.fingerprint != opened("cohere/embed-v4.0").fingerprint


def test_prefixes_are_put_before_what_is_sent(server: EmbedServer) -> None:
    words = "api:openai/nomic-embed-text?query=search_query:&passage=search_document:"
    encoder = open_encoder(Settings(encoder="builtin", words=words))
    encoder.embed_texts(["pump"])
    encoder.embed_texts(["pump"], query=True)
    assert [body["input"] for _, body in server.bodies[-2:]] == [["search_document: pump"], ["search_query: pump"]]


def test_texts_longer_than_a_passage_are_sent_in_pieces(server: EmbedServer) -> None:
    encoder = opened("vertex/multimodalembedding@001")
    long = " ".join(CORPUS)
    pieces = encoder.windows(long)
    assert len(pieces) > 3 and max(len(piece.split()) for piece in pieces) <= 20
    encoder.embed_texts([long])
    assert [body["instances"][0]["text"] for _, body in server.bodies] == pieces


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_service_is_asked_again(server: EmbedServer, status: int) -> None:
    encoder = opened("jina/jina-clip-v2")
    server.troubles = [(status, {"retry-after": "0"}, '{"detail": "slow down"}')] * (TRIES - 1)
    assert encoder.embed_texts(["pump"]).any()
    assert len(server.bodies) == TRIES


def test_pauses_follow_retry_after_and_grow_without_it(server: EmbedServer) -> None:
    pauses: list[float] = []
    wire = Wire("jina", server.url, KEY, pause=pauses.append)
    body = {"model": "jina-clip-v2", "input": [{"text": "a"}]}
    server.troubles = [(500, {}, ""), (429, {"retry-after": "7"}, ""), (502, {}, "")]
    wire.post("/v1/embeddings", body)
    assert 1.0 <= pauses[0] <= 1.5 and pauses[1] == 7.0 and 4.0 <= pauses[2] <= 6.0
    server.troubles = [(429, {"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, "")]
    wire.post("/v1/embeddings", body)
    assert pauses[3] == 0.0


def test_the_pace_is_kept(server: EmbedServer) -> None:
    pauses: list[float] = []
    wire = Wire("jina", server.url, KEY, rate=6.0, pause=pauses.append)
    for _ in range(3):
        wire.post("/v1/embeddings", {"model": "jina-clip-v2", "input": [{"text": "a"}]})
    assert len(pauses) == 2 and 9.0 < pauses[0] <= 10.0 and 18.0 < pauses[1] <= 20.0


def test_a_service_that_stays_busy_is_an_error_that_says_what_to_do(server: EmbedServer) -> None:
    encoder = opened("cohere/embed-v4.0")
    server.troubles = [(429, {"retry-after": "0"}, '{"message": "too many tokens"}')] * TRIES
    with pytest.raises(
        EncoderFailed, match=rf"cohere/embed-v4\.0 failed: it answers 429: too many tokens \(tried {TRIES}"
    ):
        encoder.embed_texts(["pump"])
    server.troubles = [(429, {"retry-after": str(LONGEST_PAUSE + 1)}, "quota")]
    with pytest.raises(EncoderFailed, match="quota It asks to wait 61 s; come back later"):
        encoder.embed_texts(["pump"])


def test_a_wrong_key_is_refused_at_once_and_shown_nowhere(
    server: EmbedServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("COHERE_API_KEY", "another-secret")
    caplog.set_level(logging.DEBUG)
    encoder = opened("cohere/embed-v4.0")
    with pytest.raises(
        EncoderFailed, match="401: invalid api token: Bearer …; check the model's name and the key"
    ) as caught:
        encoder.embed_texts(["pump"])
    assert len(server.bodies) == 1
    server.troubles = [(500, {"retry-after": "0"}, "crash with another-secret")]
    with pytest.raises(EncoderFailed):
        encoder.embed_texts(["pump"])
    for told in (str(caught.value), caplog.text, repr(encoder.__dict__), encoder.spent, encoder.reason):
        assert "another-secret" not in told


def test_a_service_out_of_reach_is_named(server: EmbedServer) -> None:
    wire = Wire("cohere", "http://127.0.0.1:9", KEY, pause=lambda _: None)
    with pytest.raises(EncoderFailed, match=r"http://127\.0\.0\.1:9 cannot be reached"):
        wire.post("/v2/embed", {})


@pytest.mark.parametrize(
    ("spoil", "text"),
    [
        (lambda answer: {"embeddings": {"int8": []}}, "another form than documented"),
        (lambda answer: {"embeddings": {"float": answer["embeddings"]["float"][:-1]}}, "5 vectors for 6 texts"),
        (lambda answer: {"embeddings": {"float": [[float("nan")] * 1536] * 6}}, "6 vectors for 6 texts"),
        (lambda answer: {"embeddings": {"float": [[1.0] * 7] * 6}}, "7 numbers a vector where 1536 were expected"),
        (lambda answer: {"embeddings": {"float": [[1.0], [1.0, 2.0]]}}, "another form than documented"),
        (lambda answer: [1, 2], "no JSON object"),
    ],
)
def test_answers_that_cannot_be_used_are_errors(server: EmbedServer, spoil: object, text: str) -> None:
    encoder = opened("cohere/embed-v4.0")
    server.spoil = spoil
    with pytest.raises(EncoderFailed, match=text):
        encoder.embed_texts(CORPUS)


def test_a_redirection_is_not_followed(server: EmbedServer) -> None:
    encoder = opened("cohere/embed-v4.0")
    server.troubles = [(307, {"location": "http://127.0.0.1:9/elsewhere"}, "moved")]
    with pytest.raises(EncoderFailed, match="307: moved"):
        encoder.embed_texts(["pump"])


def test_without_a_key_nothing_is_sent(server: EmbedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COHERE_API_KEY")
    monkeypatch.delenv("COHERE_BASE_URL")
    with pytest.raises(EncoderUnavailable, match="needs a key of cohere: set COHERE_API_KEY"):
        opened("cohere/embed-v4.0")
    monkeypatch.delenv("VERTEX_BASE_URL")
    with pytest.raises(EncoderUnavailable, match="set VERTEX_PROJECT"):
        opened("vertex/multimodalembedding@001")
    assert open_encoder(Settings(encoder="builtin", words="static")).spent == ""
    assert server.bodies == []


@pytest.mark.parametrize("spec", ["api:someone/model", "api:cohere", "api:"])
def test_services_that_are_not_known_are_named(spec: str) -> None:
    with pytest.raises(
        BadSettings, match=r"hosted encoders are api:cohere/embed-v4\.0, api:voyage/voyage-multimodal-3"
    ):
        open_encoder(Settings(encoder=spec, words="static"))


def test_a_service_without_pictures_is_no_picture_encoder(server: EmbedServer) -> None:
    with pytest.raises(BadSettings, match="openai embeds no pictures"):
        opened("openai/text-embedding-3-small")


def test_texts_of_a_document_are_sent_many_at_once(server: EmbedServer, tmp_path: Path) -> None:
    document = make_document(tmp_path, 1, pages=12, paragraphs=5)
    encoder = open_encoder(Settings(encoder="builtin", words="api:openai/some-model"))
    server.bodies.clear()
    embed_document(document, tmp_path, encoder, 16, lambda done, total: None, pages=False)
    texts = [len(body["input"]) for _, body in server.bodies]
    assert texts[0] == GROUP * 16 and sum(texts) == 12 * (5 + 2)  # passages, tables and figures: each is sent once


def test_an_index_with_a_hosted_encoder_adds_searches_and_survives_a_failing_service(
    server: EmbedServer, tmp_path: Path
) -> None:
    settings = Settings(index=tmp_path / "index", encoder="api:cohere/embed-v4.0?dim=256", words="static")
    with Index.open(settings, create=True) as index:
        folder = index.files.stage()
        index.store(make_document(folder, 1), folder)
        assert index.encoder.spent.startswith("cohere/embed-v4.0: ")
        folder = index.files.stage()
        document = make_document(folder, 2)
        server.troubles = [(400, {}, '{"message": "picture too large"}')]
        with pytest.raises(EncoderFailed, match="picture too large"):
            index.store(document, folder)
        index.files.discard(folder)
        assert len(index.catalogue.ids()) == 1 and index.check() == []
    server.bodies.clear()
    with Index.open(replace(settings, encoder="auto", words="auto")) as index:
        assert server.bodies == []
        assert search(index, Query("clean the door seal of model 1")).hits
        assert [body["input_type"] for _, body in server.bodies] == ["search_query"]


# -- a question does not wait as long as a library -------------------------------------------------------------------


def test_a_question_is_tried_twice_and_waits_for_no_long_pause(server: EmbedServer) -> None:
    encoder = opened("cohere/embed-v4.0")
    server.troubles = [(503, {"retry-after": "0"}, "busy")] * 2
    with pytest.raises(EncoderFailed, match="tried 2 times"):
        encoder.embed_texts(["pump?"], query=True)
    assert len(server.bodies) == 2
    asks: tuple[Callable[[], object], ...] = (
        lambda: encoder.embed_texts(["pump?"], query=True),
        lambda: encoder.embed_images([Image.new("RGB", (9, 9), "red")], [""], query=True),
    )
    for ask in asks:
        server.bodies.clear()
        server.troubles = [(429, {"retry-after": "30"}, "slow down")]
        with pytest.raises(EncoderFailed, match=r"no more than 10 s are waited.*try again later"):
            ask()
        assert len(server.bodies) == 1


def test_a_picture_that_somebody_asks_with_is_embedded_as_a_stored_one(server: EmbedServer) -> None:
    encoder, picture = opened("cohere/embed-v4.0"), Image.new("RGB", (40, 30), "gold")
    stored, asked = (encoder.embed_images([picture], [""], query=query) for query in (False, True))
    np.testing.assert_array_equal(stored, asked)


def test_an_answer_that_drips_and_a_pace_that_is_used_up_end_at_the_deadline() -> None:
    class Dripping(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers()
            with suppress(OSError):
                while True:
                    self.wfile.write(b" " * 4096)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    hurry = Patience(2, 0.3, 0.3)
    with running(ThreadingHTTPServer(("127.0.0.1", 0), Dripping)) as endless:
        wire = Wire("drip", f"http://127.0.0.1:{endless.server_address[1]}", KEY)
        with pytest.raises(EncoderFailed, match=r"did not answer within 0\.3 s"):
            wire.post("/v1", {}, hurry)
    paced = Wire("paced", "http://127.0.0.1:9", KEY, rate=1.0, pause=lambda _: None)
    with pytest.raises(EncoderFailed, match="cannot be reached"):
        paced.post("/v1", {}, Patience(1, 0.3, 0.3))
    with pytest.raises(EncoderFailed, match=r"not its turn for another \d+ s; raise PAGESIGHT_API_RATE"):
        paced.post("/v1", {}, hurry)


# -- a failure costs no reading --------------------------------------------------------------------------------------


def test_a_document_whose_embedding_failed_is_not_read_again(
    server: EmbedServer, settings: Settings, tmp_path: Path
) -> None:
    path = text_pages(tmp_path, 2)
    hosted = replace(settings, encoder="builtin", words="api:jina/jina-embeddings-v3")
    with Index.open(hosted, create=True) as index:
        server.troubles = [(401, {}, "the key has ended")]
        (failed,) = index.add([path])
        assert failed.status == "failed" and "the key has ended" in failed.error and "add it again" in failed.error
        (kept,) = index.files.reading.iterdir()
        pages = {path.name: path.stat().st_mtime_ns for path in (kept / "pages").glob("*.*")}
        stages: list[str] = []
        (added,) = index.add([path], progress=lambda step: stages.append(step.stage))
        assert (added.status, added.pages) == ("added", 2)
        stored = index.files.document(added.doc_id)
        assert {path.name: path.stat().st_mtime_ns for path in (stored / "pages").glob("*.*")} == pages != {}
        assert index.check() == [] and not kept.exists()

        index.remove(added.doc_id, keep=False)
        server.troubles = [(401, {}, "the key has ended")]
        index.add([path])
        renamed = path.rename(tmp_path / "another-name.pdf")
        (added,) = index.add([renamed])
        assert index.catalogue.document(added.doc_id).name == "another-name.pdf"
        assert index.check() == []


def test_a_reading_again_whose_embedding_failed_goes_on_with_embedding(
    server: EmbedServer, settings: Settings, tmp_path: Path
) -> None:
    with Index.open(replace(settings, words="api:jina/jina-embeddings-v3"), create=True) as index:
        (added,) = index.add([text_pages(tmp_path, 2)])
    with Index.open(replace(settings, words="auto", encoder="auto", max_paths=19_000)) as index:
        assert index.encoder.dim == index.generation.dim
        server.troubles = [(401, {}, "the key has ended")]
        (failed,) = list(index.reparse())
        assert "the key has ended" in failed.error
        kept = index.root / "rereading" / added.doc_id
        times = {path.name: path.stat().st_mtime_ns for path in (kept / "pages").glob("*.*")}
        (again,) = list(index.reparse())
        assert again.error == "" and not kept.exists()
        pages = index.files.document(added.doc_id) / "pages"
        assert {path.name: path.stat().st_mtime_ns for path in pages.glob("*.*")} == times != {}
        assert index.check() == []


def test_a_proxy_is_passed_by_for_this_machine_and_named_for_others(
    server: EmbedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    local = Wire("here", f"http://127.0.0.1:{server.server_address[1]}/nowhere", KEY, pause=lambda seconds: None)
    with pytest.raises(EncoderFailed, match="it answers 400"):
        local.post("/x", {})
    wire = Wire("away", "http://models.invalid", "", pause=lambda seconds: None)
    with pytest.raises(EncoderFailed, match=r"proxy http://127\.0\.0\.1:9 of http_proxy.*no_proxy=models\.invalid"):
        wire.post("/x", {})
    monkeypatch.setenv("http_proxy", "socks9://127.0.0.1:9")
    with pytest.raises(EncoderFailed, match="of http_proxy"):
        Wire("away", "http://models.invalid", "")
