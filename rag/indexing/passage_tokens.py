"""Which encoder's tokens of a passage are kept for search to put the first pages in order by.

Of two encoders side by side one is enough, and the one made for a page's language is better at it: a question in that
language is read by it, too. So an English page has MiniLM's, any other E5's.
"""

from __future__ import annotations

from ingestion.elements import Document
from rag.encoders.base import Encoder, ReadsTokens
from rag.encoders.parts import Span, closest_reader
from rag.text.function_words import languages_of


def reads_tokens(encoder: Encoder) -> bool:
    """Whether the encoder gives the states of single tokens."""
    return isinstance(encoder, ReadsTokens) and bool(encoder.token_spans)


def readers_of(document: Document, encoder: ReadsTokens) -> dict[int, Span]:
    """The encoder whose tokens are kept, by page."""
    pages = [chunk for chunk in document.chunks if chunk.kind == "page"]
    languages = languages_of([page.text for page in pages])
    return {
        page.page: closest_reader(encoder.token_spans, language)
        for page, language in zip(pages, languages, strict=True)
    }
