"""Which encoders' tokens of a passage are kept for search to put the first pages in order by.

Each that reads the page's language: MiniLM is better at English questions about English pages, and E5 reads questions
in any other language about them, and pages of several languages side by side.
"""

from __future__ import annotations

from ingestion.elements import Document
from rag.encoders.base import Encoder, ReadsTokens
from rag.encoders.parts import Span, readers_in
from rag.text.function_words import languages_of


def reads_tokens(encoder: Encoder) -> bool:
    """Whether the encoder gives the states of single tokens."""
    return isinstance(encoder, ReadsTokens) and bool(encoder.token_spans)


def readers_of(document: Document, encoder: ReadsTokens) -> dict[int, tuple[Span, ...]]:
    """The encoders whose tokens are kept, by page."""
    pages = [chunk for chunk in document.chunks if chunk.kind == "page"]
    languages = languages_of([page.text for page in pages])
    return {
        page.page: readers_in(encoder.token_spans, language) for page, language in zip(pages, languages, strict=True)
    }
