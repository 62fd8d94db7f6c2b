"""Questions for a quantity of the thing itself, which name nothing else, as "How heavy is it?" does.

Its label in a table of data, "Weight", answers them; "How heavy is the drum?" it does not.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from rag.answering.languages.data import LANGUAGES, language_data
from rag.answering.languages.wordings import is_spaced, plain
from rag.answering.questions.kinds import QuestionKinds
from rag.text.function_words import content_terms_of_language


def asks_of_itself(question: str, kinds: QuestionKinds, known_by: Collection[str] = ()) -> bool:
    """Whether nothing is left of a question for a quantity but words for the thing, or those that its document is
    ``known_by``."""
    return bool(kinds.quantities) and kinds.wants("value") and _left(question, kinds) <= frozenset(known_by)


@lru_cache(maxsize=256)
def _left(question: str, kinds: QuestionKinds) -> frozenset[str]:
    language = kinds.language if kinds.language in LANGUAGES else LANGUAGES[0]
    data, said = language_data(language), plain(question, language)
    if not is_spaced(language):
        for name in kinds.quantities:
            said = data.quantity(name).sub("", said)
        for word in sorted(data.itself, key=len, reverse=True):
            said = said.replace(word, "")
        return frozenset([said]) if said else frozenset()
    said = data.kind("opening").sub("", said)
    for name in kinds.quantities:
        said = data.quantity(name).sub(" ", said)
    named = data.common.union(data.itself)
    return frozenset(content_terms_of_language(" ".join(w for w in said.split() if w not in named), language))
