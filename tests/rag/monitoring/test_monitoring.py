"""One number from a question to the model server's log, lines without words, counts, and a real receiver of spans."""

from __future__ import annotations

import io
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from chat_server import ChatServer, serving
from otlp_receiver import receiving
from serving_api import Served, events, served

from rag.api.metrics import text_of_program
from rag.config import Settings
from rag.errors import BadSettings
from rag.llm.openai_compatible import OpenAICompatible
from rag.monitoring import log_lines, otlp, requests
from rag.monitoring.stages import Event, Stage, count, observe, stage
from rag.monitoring.totals import TOTALS, Totals

ASKED = "How do I clean the door seal?"


@pytest.fixture(scope="module")
def model() -> Iterator[ChatServer]:
    with serving() as server:
        yield server


@pytest.fixture(scope="module")
def api(copy_of: Callable[[], Settings], model: ChatServer) -> Iterator[Served]:
    """The manual's library, answered by the model of a server."""
    settings = replace(copy_of(), llm_model="good", llm_base_url=model.url)
    with served(settings, llm=OpenAICompatible(settings)) as running:
        yield running


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """The log as lines, in memory."""
    lines, root = io.StringIO(), logging.getLogger()
    before = root.handlers[:]
    log_lines.write_lines(lines)
    yield lines
    log_lines.write_lines(io.StringIO())  # content is off again
    root.handlers[:] = before
    logging.getLogger(log_lines.OWN).setLevel(logging.NOTSET)


def lines_of(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


class Ends:
    """An observer that waits for the end of a request: its reply is there before that."""

    def __init__(self) -> None:
        self._over = threading.Event()
        self.leave = observe(self)

    def began(self, stage: Stage) -> None:
        """Not looked at."""

    def ended(self, stage: Stage) -> None:
        if stage.name == "request":
            self._over.set()

    def counted(self, event: Event, labels: dict[str, str], times: int) -> None:
        """Not looked at."""

    def wait(self) -> None:
        assert self._over.wait(60)
        self.leave()


def written_of(written: io.StringIO, number: str) -> list[dict[str, Any]]:
    """The lines of a request, whose last comes after its reply."""
    for _ in range(600):
        mine = [one for one in lines_of(written) if one.get("request") == number]
        if any(one.get("stage") == "request" for one in mine):
            return mine
        time.sleep(0.05)
    raise AssertionError(written.getvalue())


@pytest.mark.parametrize("stream", [False, True])
def test_one_number_from_the_caller_to_the_model_server(
    api: Served, model: ChatServer, written: io.StringIO, stream: bool
) -> None:
    model.headers_seen.clear()
    with api.client(**{"X-Request-ID": "call-7.a"}) as http:
        reply = http.post("ask", json={"question": ASKED, "stream": stream})
    assert reply.status_code == 200 and reply.headers["x-request-id"] == "call-7.a"
    assert not stream or events(reply)[-1][0] == "done"
    assert model.headers_seen and {one.get("x-request-id") for one in model.headers_seen} == {"call-7.a"}
    mine = written_of(written, "call-7.a")
    by_stage = {one["stage"]: one for one in mine if "stage" in one}
    assert {"request", "answer", "search", "model"} <= by_stage.keys()
    assert by_stage["request"]["status"] == 200 and by_stage["search"]["hits"] > 0
    assert by_stage["model"]["first"] <= by_stage["model"]["seconds"]
    asked = [one for one in mine if one["logger"] == "pagesight.questions"]
    assert [one["end"] for one in asked] == ["answered"]
    assert "seal" not in written.getvalue() and "filter" not in written.getvalue()


def test_words_stand_in_the_log_only_where_that_is_wanted(api: Served, written: io.StringIO) -> None:
    log_lines.write_lines(written, content=True)
    with api.client() as http:
        http.post("ask", json={"question": ASKED, "keep": False})
    told = [one for one in lines_of(written) if "asked" in one]
    assert [one["asked"] for one in told] == [ASKED] and told[0]["answered"]


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "é", "a\tb"])
def test_a_number_that_is_none_is_replaced(api: Served, given: str) -> None:
    with api.client() as http:
        shown = http.get("documents/none", headers={b"X-Request-ID": given.encode("latin-1")})
    number = shown.headers["x-request-id"]
    assert len(number) == 32 and number.isalnum()
    assert shown.json()["request"] == number  # of a problem, for a report


def test_a_line_is_one_line_whatever_it_holds(written: io.StringIO) -> None:
    try:
        raise ValueError("two\nlines")
    except ValueError:
        logging.getLogger("elsewhere").exception("it broke\nhere: %s", {"a": object()})
    (line,) = lines_of(written)
    assert line["message"].startswith("it broke\nhere") and line["error"] == "ValueError"
    assert "two\nlines" in line["traceback"] and line["time"].endswith("Z")


def test_stages_of_threads_are_told_apart_and_counted() -> None:
    totals = Totals()

    def work() -> None:
        for _ in range(50):
            one = Stage("model")
            one.something_came()
            one.end("ModelError")
            totals.ended(one)
            totals.counted("uploads", {"state": "failed"}, 1)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    text = text_of_program(totals.now())
    assert 'pagesight_stage_seconds_count{stage="model"} 200\n' in text
    assert 'pagesight_stage_seconds_count{stage="model_first_token"} 200\n' in text
    assert 'pagesight_stage_failures_total{stage="model"} 200\n' in text
    assert 'pagesight_stage_failures_total{stage="parse"} 0\n' in text
    assert 'pagesight_uploads_total{state="failed"} 200\n' in text


def test_the_program_counts_what_models_took(api: Served) -> None:
    before = TOTALS.now().times["model"].count
    with api.client() as http:
        http.post("ask", json={"question": ASKED, "keep": False})
        text = http.get("metrics").text
    assert f'pagesight_stage_seconds_count{{stage="model"}} {before + 1}\n' in text
    assert 'pagesight_answers_total{end="answered",by="model"} ' in text


def test_a_request_ends_with_what_was_served() -> None:
    assert requests.number() == ""
    with requests.serving("one"):
        with requests.serving() as same:
            assert same.number == "one"
        with requests.serving("two"), stage("answer") as above, stage("search") as below:
            assert below.parent is above and below.number == "two"
        assert Stage("search").parent is None
    assert requests.number() == ""


@pytest.mark.parametrize("protocol", otlp.PROTOCOLS)
def test_spans_and_metrics_reach_a_collector(api: Served, protocol: str) -> None:
    if protocol == "http/protobuf" and not _has_http():
        pytest.skip("opentelemetry-exporter-otlp-proto-http is not installed")
    with receiving(protocol) as receiver, pytest.MonkeyPatch.context() as patch:
        patch.setenv(otlp.ENDPOINT, receiver.url)
        patch.setenv(otlp.PROTOCOL, protocol)
        stop, ends = otlp.start(), Ends()
        try:
            with api.client(**{"X-Request-ID": "traced"}) as http:
                http.post("ask", json={"question": ASKED, "keep": False})
            ends.wait()
            count("uploads", state="added")
        finally:
            stop()
    spans = {span.name: span for span in receiver.spans()}
    assert {"request", "answer", "search", "model"} <= spans.keys()
    root = spans["request"]
    assert not root.parent_span_id
    for name in ("answer", "search", "model"):
        assert spans[name].trace_id == root.trace_id and spans[name].parent_span_id == root.span_id
        assert root.start_time_unix_nano <= spans[name].start_time_unix_nano
        assert spans[name].end_time_unix_nano <= root.end_time_unix_nano
    facts = {one.key: one.value for one in spans["model"].attributes}
    assert facts["pagesight.request"].string_value == "traced" and facts["pagesight.model"].string_value == "good"
    resource = {one.key: one.value.string_value for one in receiver.traces[0].resource_spans[0].resource.attributes}
    assert resource["service.name"] == "pagesight"
    instruments = receiver.instruments()
    taken = instruments["pagesight.stage.duration"].histogram.data_points
    assert sum(point.count for point in taken) >= 4
    (upload,) = instruments["pagesight.events"].sum.data_points[-1:]
    assert {one.key for one in upload.attributes} <= {"event", "state", "end", "by", "found", "vote"}
    assert b"seal" not in b"".join(one.SerializeToString() for one in (*receiver.traces, *receiver.metrics))


def test_nothing_is_sent_unless_a_collector_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def made(*_: object) -> None:
        raise AssertionError("something would be sent")

    monkeypatch.setattr(otlp, "Sender", made)
    otlp.start({})()
    otlp.start({otlp.ENDPOINT: " "})()
    otlp.start({otlp.ENDPOINT: "http://127.0.0.1:1", otlp.DISABLED: "true"})()


def test_a_protocol_that_cannot_be_spoken_is_named() -> None:
    with pytest.raises(BadSettings, match=r"OTEL_EXPORTER_OTLP_PROTOCOL is 'xml'; it can be grpc or http/protobuf"):
        otlp.start({otlp.ENDPOINT: "http://127.0.0.1:1", otlp.PROTOCOL: "xml"})
    if not _has_http():
        with pytest.raises(BadSettings, match="pip install opentelemetry-exporter-otlp-proto-http"):
            otlp.start({otlp.ENDPOINT: "http://127.0.0.1:1", otlp.PROTOCOL: "http/protobuf"})


def _has_http() -> bool:
    from importlib.util import find_spec

    return find_spec("opentelemetry.exporter.otlp.proto.http") is not None
