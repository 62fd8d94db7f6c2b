#!/usr/bin/env python3
"""Inputs that a fuzzer thinks up, led by which lines of ours they reach: whatever they are, there is an answer or an
error of ours.

    python -m benchmarks.fuzz TARGET [--seconds 300] [--corpus FOLDER]

TARGET is one of markers (answers with citations, drawn as HTML), questions (files of questions), payloads (what a
browser or a model's server sends), api (bodies of requests) and files (text files, web pages and tables in this
process; page by page, without OCR). Needs atheris, which is not in the lock: install it beside the rest, in an
environment of its own. What it finds lies in the corpus folder as crash-…; it becomes a test of ours only where the
fault is ours. tests/fuzz/ has what is asked of every build.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import io
import json
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "helpers")]
atheris: Any = importlib.import_module("atheris")

with atheris.instrument_imports(include=["ingestion", "rag", "ui"]):
    import ui.events.conversation_handlers as conversation_handlers
    import ui.shown.payload as payload
    from ingestion.errors import IngestionError
    from ingestion.page_content import ParseOptions
    from ingestion.parse import parse_pdf
    from rag.answering.citing.markers import MarkerStream
    from rag.errors import RagError
    from rag.evaluation.questionset import read_questions
    from rag.export.plain import plain_text
    from rag.llm.reply import Reply
    from rag.llm.thoughts import apart
    from rag.storage.records.conversation_values import KeptTurn
    from rag.storage.records.values_json import from_json
    from rag.types import Answer
    from ui.shown.safe import markdown, question

Target = Callable[[bytes], None]
KINDS = (".md", ".txt", ".html", ".csv", ".tsv", ".srt", ".vtt")
TAG = re.compile(r"<\s*/?\s*(script|style|iframe|object|embed|svg|img|form|input|link|meta|base)\b", re.IGNORECASE)
SEEDS = {
    "markers": [b"Turn [1, 2] to 3 [^1] \xe3\x80\x901\xe2\x80\xa0source\xe3\x80\x91 ```a[1]``` $x_[1]$ |a|b|\n|-|-|\n"],
    "questions": [b'{"doc": "a.pdf", "question": "q", "pages": [1], "boxes": [{"page": 1, "bbox": [0, 0, 1, 1]}]}'],
    "payloads": [b'{"library": "3", "off": ["a"]}', b'{"choices": [{"delta": {"content": "a [1]"}}], "usage": {}}'],
    "api": [b'{"question": "pump", "docs": ["a"], "kinds": ["text"], "pages": [1, 2], "k": 5, "keep": false}'],
    "files": [
        b"\0# A\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[^1]: x\n\n```\ny\n```\n",
        b"\2<html><body><h1>A</h1><table><tr><td rowspan=2>1<td>2</table><ul><li>x</ul></body>",
        b"\3a;b;c\n1;2;3\n",
        b"\5\x31\n00:00:01,000 --> 00:00:02,000\nHello\n",
    ],
}


def markers(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    whole, stream = MarkerStream({1, 2}), MarkerStream({1, 2})
    expected = whole.feed(text) + whole.close()
    assert "".join(map(stream.feed, text)) + stream.close() == expected
    for drawn in (markdown(text, 1, {1: "supported", 2: "unsupported"}), question(text)):
        assert not TAG.search(drawn), drawn
    plain_text(text)
    list(apart(iter(text)))


def questions(data: bytes) -> None:
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as file:
        file.write(data)
        file.flush()
        with contextlib.suppress(RagError):
            read_questions(Path(file.name))


def payloads(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    payload.shows(text)
    payload.unticked(text)
    conversation_handlers._word(conversation_handlers._read(text), "id")
    try:
        sent = json.loads(text)
    except (ValueError, RecursionError):
        return
    for read in (Reply().chunk, Reply().whole):
        list(read(sent))
    for kind in (KeptTurn, Answer):
        from_json(kind, sent)


def files(data: bytes) -> None:
    if not data:
        return
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        path = Path(folder) / f"fuzzed{KINDS[data[0] % len(KINDS)]}"
        path.write_bytes(data[1:])
        with contextlib.suppress(IngestionError):
            assert parse_pdf(path, Path(folder) / "out", ParseOptions(ocr="off")).pages


def api(data: bytes) -> None:
    for address in ("search", "ask", "conversations/x", "answers/x/feedback"):
        method = "POST" if "/" not in address else "PUT"
        answer = _client().request(method, address, content=data, headers={"content-type": "application/json"})
        assert answer.status_code < 500, answer.text


def _client() -> Any:
    if not _served:
        with atheris.instrument_imports(include=["rag"]):
            from made_documents import make_document
            from serving_api import served

            from rag.config import Settings
        root = Path(tempfile.mkdtemp()) / "index"
        running = served(Settings(index=root, encoder="builtin", words="static"))
        there = running.__enter__()
        folder = there.documents.index.files.stage()
        there.documents.index.store(make_document(folder, 1), folder)
        _served.extend((running, there.client()))
    return _served[1]


_served: list[Any] = []
TARGETS: dict[str, Target] = {
    "markers": markers,
    "questions": questions,
    "payloads": payloads,
    "api": api,
    "files": files,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--corpus", type=Path)
    args = parser.parse_args()
    corpus = args.corpus or Path(tempfile.mkdtemp(prefix=f"fuzz-{args.target}-"))
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(SEEDS[args.target]):
        (corpus / f"seed-{number}").write_bytes(seed)
    print(f"corpus: {corpus}", flush=True)
    limits = [f"-max_total_time={args.seconds}", "-timeout=60", "-rss_limit_mb=4000", "-max_len=4000"]
    atheris.Setup([sys.argv[0], str(corpus), f"-artifact_prefix={corpus}/", *limits], TARGETS[args.target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
