"""Any mix of the ways in which models cite: no marker stands for another piece than was named, and no word is lost."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from made_evidence import manual, piece

from rag.answering.citing.citations import is_refusal
from rag.answering.citing.markers import CLEAN, MarkerStream
from rag.answering.questions.phrases import refusals

EVIDENCE = (*manual(), piece(4, "Turn the knob (7) to ON.", page=12, doc_name="guide.pdf"))
KNOWN = {e.number for e in EVIDENCE}
WORDS = [
    "pump",
    "filter",
    "weekly",
    "cleaned",
    "40",
    "hours",
    "E6",
    "»Vorsicht«",
    "5",
    "°C",
    "λ",
    "泵",
    "naïve",
    "evidence-based",
    "x[i]",
    "3,114",
]
PLACES = {("guide.pdf", 12): 4}

number = st.integers(0, 12)
words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)


def styled(template: str) -> st.SearchStrategy[tuple[str, frozenset[int]]]:
    return number.map(lambda n: (template.format(n=n), frozenset([n])))


named = st.tuples(st.sampled_from(["guide.pdf", "other.pdf"]), st.integers(10, 14)).map(
    lambda place: (f"[{place[0]}, p. {place[1]}]", frozenset([PLACES[place]] if place in PLACES else []))
)
ranged = st.tuples(number, number).map(
    lambda ends: (f"[{ends[0]}-{ends[1]}]", frozenset(range(min(ends), max(ends) + 1)))
)
raised = st.integers(1, 9).map(lambda n: ("⁰¹²³⁴⁵⁶⁷⁸⁹"[n], frozenset([n])))
TEMPLATES = (
    "[{n}]", "[{n}, 2]", "[{n}](https://example.org/a_(b))", "[^{n}]", "【{n}†source】", "【{n}:0†guide.pdf】", "({n})",
    "(evidence {n})", "evidence {n}", "[doc {n}]", "[Document {n}]", "[n={n}]", "<cite>{n}</cite>", "<sup>[{n}]</sup>",
    '<evidence n="{n}">', '<evidence n="{n}" document="a/b.pdf" page="9" kind="text" heading="A long one › B">',
    "</evidence>", '<source id="{n}"/>', "[source {n}, p. 9]", "`[{n}]`", "[[{n}]]",
)  # fmt: skip
citing = st.one_of(*(styled(template) for template in TEMPLATES), named, ranged, raised)
stop = st.sampled_from([".", ". ", ", ", "\n", "\n\n", " ", "; ", "\n- ", "\n| "])
reply = st.lists(st.tuples(words, st.sampled_from(["", " "]), citing, stop), min_size=1, max_size=8)


def tidied(text: str, cuts: list[int]) -> str:
    stream, shown, at = MarkerStream(KNOWN, EVIDENCE), "", 0
    for end in [*sorted(cut % (len(text) + 1) for cut in cuts), len(text)]:
        shown += stream.feed(text[at:end])
        at = end
    return shown + stream.close()


@given(reply, st.lists(st.integers(0, 400), max_size=12))
def test_a_mix_of_styles_loses_no_word_and_names_no_other_piece(
    parts: list[tuple[str, str, tuple[str, frozenset[int]], str]], cuts: list[int]
) -> None:
    text = "".join(f"{said}{gap}{cited[0]}{end}" for said, gap, cited, end in parts)
    whole = tidied(text, [])
    assert tidied(text, cuts) == whole
    meant = frozenset[int]().union(*(cited[1] for _, _, cited, _ in parts)) | {2, 4}  # "[…, 2]"; 4 is guide.pdf
    outside = re.sub(r"`[^`\n]*`", "", whole)
    assert {int(n) for n in CLEAN.findall(outside)} & KNOWN <= meant
    at = 0
    for said, *_ in parts:
        found = whole.find(said, at)
        assert found >= 0, (said, whole)
        at = found + len(said)


MARKS = (
    "[1]", "[9]", "[12]", "[OK]", "[^]", "[2024]", "[0]", "[[1]]", "[[9]]", "【9】", "【1†a】", "[1](x.y)",
    "[9](http://a.b)", "[9, p. 3]", "[guide.pdf, p. 12]", "(1)", "(9)", "evidence 1", "<cite>1</cite>",
    "<sup>[2]</sup>", "</evidence>", "¹", "⁹",
    " ", "  ", "\t", "\n", ",", ", ", " and ", " or ", "&", ";", ".", "(", ")", "[", "]", "`", "``", "~", "|",
    "=", "<", "*", ":",
    "a", "an", "o", "word", "x_", "to", "-", "1", "p. 4", "source ", "http://x.y/", "é", "\0",
)  # fmt: skip


@given(st.lists(st.sampled_from(MARKS), min_size=1, max_size=9).map("".join), st.booleans())
def test_letter_by_letter_a_reply_is_what_it_is_as_a_whole(text: str, with_evidence: bool) -> None:
    given_ = EVIDENCE if with_evidence else ()
    whole, stream = MarkerStream(KNOWN, given_), MarkerStream(KNOWN, given_)
    expected = whole.feed(text) + whole.close()
    shown = ""
    for letter in text:
        shown += stream.feed(letter)
        assert expected.startswith(shown)
    assert shown + stream.close() == expected


@given(words, st.sampled_from(sorted(refusals())), st.integers(1, 4))
def test_what_cites_is_no_refusal(said: str, refusal: str, n: int) -> None:
    assert is_refusal(refusal)
    assert not is_refusal(f"{refusal} {said} [{n}].")
