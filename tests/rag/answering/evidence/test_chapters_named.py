"""A usual chapter is shown to those who ask for it, in whatever language it is."""

from collections.abc import Callable, Iterator

import pytest

from rag.answering.answer import Done, answer
from rag.config import Settings
from rag.index import Index
from rag.types import Answer, Query

LEAFLET = """<html><head><title>Laubbläser</title></head><body><h1>Laubbläser LB 7</h1>
<h2>1 Sicherheitshinweise</h2><p>Nie ohne Schutzbrille arbeiten. Das Gerät von Kindern fernhalten.</p>
<h2>2 Betrieb</h2><p>Saubere Luft ist Voraussetzung für den Betrieb. Den Schalter nach vorn schieben.</p>
<h2>3 Reinigung und Pflege</h2><p>Das Gehäuse mit einem feuchten Tuch abwischen. Kein Wasser in den Motor laufen
lassen.</p>
<h2>Störungen</h2><p>Ist der Akku leer, läuft der Motor nicht an: den Akku laden.</p>
<h2>4 Lieferumfang</h2><ul><li>Laubbläser</li><li>Fangsack</li><li>Tragegurt</li></ul>
<h2>5 Kundendienst</h2><p>Sie erreichen uns werktags unter 0800 555 0199.</p>
</body></html>"""


@pytest.fixture(scope="module")
def index(copy_of: Callable[[], Settings], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    leaflet = tmp_path_factory.mktemp("chapters") / "laubblaeser.html"
    leaflet.write_text(LEAFLET, encoding="utf-8")
    with Index.open(copy_of()) as opened:
        assert [one.status for one in opened.add([leaflet])] == ["added"]
        yield opened


def asked(index: Index, question: str) -> Answer:
    *_, last = answer(index, Query(question, docs=frozenset((index.catalogue.find("laubblaeser").id,))))
    assert isinstance(last, Done)
    return last.answer


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How do I clean it?", "feuchten Tuch"), ("Wie reinige ich es?", "feuchten Tuch"),
        ("Comment nettoyer l'appareil ?", "feuchten Tuch"), ("What comes with it?", "Fangsack"),
        ("¿Qué hay en la caja?", "Fangsack"), ("Who do I call if it breaks?", "0800 555 0199"),
        ("坏了联系谁？", "0800 555 0199"), ("Es geht nicht an, was tun?", "den Akku laden"),
        ("It won't start, what now?", "den Akku laden"), ("ne marche pas", "den Akku laden"),
    ],
)  # fmt: skip
def test_a_chapter_answers_whatever_its_language(index: Index, question: str, words: str) -> None:
    found = asked(index, question)
    assert words in found.text
    assert "Saubere Luft" not in found.text
    assert found.sureness in ("direct", "likely")


@pytest.mark.parametrize("question", ["What are the most important warnings?", "Welche Warnungen gibt es?"])
def test_what_a_manual_warns_of_is_told_as_a_whole(index: Index, question: str) -> None:
    found = asked(index, question)
    assert found.text.startswith("1 Sicherheitshinweise")
    assert "Schutzbrille" in found.text and "Kindern" in found.text and len(found.citations) == 1
