"""The documents that a question names by their product: "my WL1064P1 leaks" asks of that machine's manual.

A code that stands in a document's name, title or first words says which document is meant and nothing of the page: the
page that lists the models answers few questions. The documents are preferred, and the code is not searched for.
"""

from __future__ import annotations

from rag.retrieval.codes import Code, codes, without_code
from rag.retrieval.knowledge import codes_there
from rag.retrieval.query import parse_question
from rag.retrieval.snapshot import Snapshot
from rag.storage.full_text.term_vectors import term_number

PAGE_BONUS = 2.0  # added to the log probability of a page of a named document
FEWEST_LEFT = 2  # terms that are searched for without the code; with fewer it is what is asked for
FEWEST_PAGES = 4  # of such a document; a note of a page that begins with a code is about that code
MOST_DOCUMENTS = 50  # with a code that are looked at; more are not told apart by it


def without_names(snap: Snapshot) -> tuple[str, frozenset[int]]:
    """The words of a query without the codes that name documents, and the numbers of these documents.

    The words are as they are where no code does, or where little else is asked.
    """
    text = snap.query.text
    if not codes(text):
        return text, frozenset()
    question, named, gone = parse_question(text, snap.languages), frozenset[int](), set[str]()
    for code in codes_there(snap.text, question, snap.there):
        documents = _named_by(snap, code)
        if documents:
            named |= documents
            gone.update((*code.parts, code.term))
            text = without_code(text, code)
    left = [term for term in question.terms if term not in gone]
    return (" ".join(text.split()) if len(left) >= FEWEST_LEFT else snap.query.text), named


def _named_by(snap: Snapshot, code: Code) -> frozenset[int]:
    """The numbers of those documents of some pages that have a code in their name, title or first words."""
    found = frozenset[int]()
    for spelling in ((code.term,), *code.spellings):
        documents = snap.text.documents_with(spelling, snap.where).documents
        if len(documents) > MOST_DOCUMENTS:
            return frozenset()
        wanted = {term_number(term) for term in spelling}
        rows = snap.documents(documents.tolist())
        found |= {no for no, row in rows.items() if row.pages >= FEWEST_PAGES and wanted <= set(row.title.tolist())}
    return found
