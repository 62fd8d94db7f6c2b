"""The documents that a question names by their product: "my WL1064P1 leaks" asks of that machine's manual.

A code that stands in a document's name, title or first words says which document is meant and nothing of the page: the
page that lists the models answers few questions. The documents are preferred, and the code is not searched for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.retrieval.codes import Code, codes, without_code
from rag.retrieval.knowledge import codes_there
from rag.retrieval.query import parse_question
from rag.retrieval.snapshot import Snapshot
from rag.storage.full_text.term_vectors import term_number

PAGE_BONUS = 2.0  # added to the log probability of a page of a named document
ONLY_BONUS = 6.0  # the same where no other document has the code: nothing else can be meant
SHORTEST = 2  # characters of a code that names no document where others have it: "P2" is on many displays
FEWEST_LEFT = 2  # terms that are searched for without the code; with fewer it is what is asked for
FEWEST_PAGES = 4  # of such a document; a note of a page that begins with a code is about that code
MOST_DOCUMENTS = 50  # with a code that are looked at; more are not told apart by it


def without_names(snap: Snapshot) -> tuple[str, Mapping[int, float]]:
    """The words of a query without the codes that name documents, and the numbers of these documents with what is added
    to the log probability of their pages.

    The words are as they are where no code does, or where little else is asked.
    """
    text = snap.query.text
    if not codes(text):
        return text, {}
    question, named, gone = parse_question(text, snap.languages), dict[int, float](), set[str]()
    for code, documents, bonus in _names(snap, codes_there(snap.text, question, snap.there)):
        named |= {number: max(named.get(number, 0.0), bonus) for number in documents}
        gone.update((*code.parts, code.term))
        text = without_code(text, code)
    left = [term for term in question.terms if term not in gone]
    return (" ".join(text.split()) if len(left) >= FEWEST_LEFT else snap.query.text), named


def _names(snap: Snapshot, asked: Sequence[Code]) -> list[tuple[Code, frozenset[int], float]]:
    """The codes that name documents, with these and what their pages gain; beside one that can mean nothing else no
    other code names a document: in "my S1833 shows P2" P2 is no product, though another manual begins with it."""
    found: list[tuple[Code, frozenset[int], float]] = []
    for code in asked:
        documents, others = _named_by(snap, code)
        if documents and not (others and len(code.term) <= SHORTEST):
            found.append((code, documents, PAGE_BONUS if others else ONLY_BONUS))
    sure = frozenset[int]().union(*(documents for _, documents, bonus in found if bonus == ONLY_BONUS))
    return [one for one in found if not sure or one[1] <= sure]


def _named_by(snap: Snapshot, code: Code) -> tuple[frozenset[int], frozenset[int]]:
    """The numbers of those documents of some pages that have a code in their name, title or first words, and of the
    others that have it."""
    found, having = frozenset[int](), frozenset[int]()
    for spelling in ((code.term,), *code.spellings):
        documents = snap.text.documents_with(spelling, snap.where).documents
        if len(documents) > MOST_DOCUMENTS:
            return frozenset(), frozenset()
        having |= frozenset(documents.tolist())
        wanted = {term_number(term) for term in spelling}
        rows = snap.documents(documents.tolist())
        found |= {no for no, row in rows.items() if row.pages >= FEWEST_PAGES and wanted <= set(row.title.tolist())}
    return found, having - found
