"""Which encoders' tokens of a passage are kept for search to put the first pages in order by.

Each that reads the page's language: MiniLM is better at English questions about English pages, and E5 reads questions
in any other language about them, and pages of several languages side by side.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingestion.elements import Chunk
from rag.encoders.base import Encoder, ReadsTokens
from rag.encoders.parts import Span, readers_in


def reads_tokens(encoder: Encoder) -> bool:
    """Whether the encoder gives the states of single tokens."""
    return isinstance(encoder, ReadsTokens) and bool(encoder.token_spans)


def readers_of(pages: Sequence[tuple[Chunk, str]], encoder: ReadsTokens) -> dict[int, tuple[Span, ...]]:
    """The encoders whose tokens are kept of ``pages``, which have their languages with them; by page number."""
    return {page.page: readers_in(encoder.token_spans, language) for page, language in pages}
