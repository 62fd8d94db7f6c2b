"""German verbs whose prefix is parted from them by "zu" or "ge"."""

import pytest

from rag.text.analysis import terms
from rag.text.separable import whole


@pytest.mark.parametrize(
    ("infinitive", "forms"),
    [
        ("zurücksetzen", ["zurückzusetzen", "zurückgesetzt", "zurückgesetzte"]),
        ("ausschalten", ["auszuschalten", "ausgeschaltet", "ausgeschalteten"]),
        ("einstellen", ["einzustellen", "eingestellt", "eingestelltes"]),
        ("abkühlen", ["abzukühlen", "abgekühlt"]),
        ("anschließen", ["anzuschließen"]),
        ("angeben", ["anzugeben"]),
    ],
)
def test_forms_are_found_as_their_infinitive(infinitive: str, forms: list[str]) -> None:
    assert {whole(form) for form in forms} == {infinitive}
    for language in ("de", "en"):  # questions and passages are compared by the stems of English
        assert {tuple(terms(form, language)) for form in forms} == {tuple(terms(infinitive, language))}


@pytest.mark.parametrize(
    "word",
    ["umgebung", "angelegenheit", "angelegenheiten", "angelt", "ausgezogen", "integer", "budget", "angeben", "an"],
)
def test_other_words_stay(word: str) -> None:
    assert whole(word) == word
