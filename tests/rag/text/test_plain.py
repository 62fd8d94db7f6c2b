"""Texts made alike to be compared."""

from rag.text.plain import plain_words


def test_spacing_case_accents_and_signs_do_not_count() -> None:
    assert (
        plain_words("  2.1  Réglage de\nl’Heure … ")
        == plain_words("2.1 reglage de l'heure")
        != plain_words("2.2 reglage")
    )
    assert plain_words("···") == ""
