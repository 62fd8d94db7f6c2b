"""Words that turn a sentence round: negations, and words of which another of their group says something else.

    "must not run dry" against "may run dry"; "rose" against "fell"; "the left button" against "the right button"

Data by language, in small letters; words are compared whole.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rag.text.analysis import fold
from rag.text.passages import wordset

_NEGATIONS = {
    "en": "not never no without cannot none neither nor nothing nobody avoid forbidden prohibited disallowed "
    "impossible "
    "don't doesn't didn't isn't aren't wasn't weren't won't can't couldn't shouldn't mustn't hasn't haven't wouldn't "
    "dont doesnt cant hardly lacks lack unable",
    "de": "nicht nie niemals kein keine keinen keinem keiner keines ohne nichts weder verboten unzulässig untersagt "
    "unmöglich vermeiden",
    "fr": "pas jamais aucun aucune sans rien ni interdit interdite interdits impossible évitez éviter défense nulle",
    "es": "no nunca jamás sin ningún ninguno ninguna nada prohibido prohibida imposible evite evitar tampoco",
    "it": "non mai senza nessun nessuno nessuna niente vietato vietata impossibile evitare",
    "nl": "niet nooit geen zonder niets verboden onmogelijk vermijd",
    "pt": "não nunca sem nenhum nenhuma nada proibido impossível evite",
    "pl": "nie nigdy bez żaden żadna zabronione zabroniony zabroniona",
    "tr": "değil değildir yok hiç asla yasaktır yasak",
}
_ANYWHERE = wordset("nicht kein keine niet geen nie não nunca nigdy jamais değil")
"""Words that negate in their language and are none in any other: a short sentence may tell another language."""
_AGAIN = {  # these only strengthen a negation before them
    "fr": wordset("jamais aucun aucune rien ni"),
    "es": wordset("nunca jamás ningún ninguno ninguna nada tampoco"),
    "it": wordset("mai nessun nessuno nessuna niente"),
    "pt": wordset("nunca nenhum nenhuma nada"),
    "pl": wordset("nigdy żaden żadna"),
}
_BOTH_SIDES = {"de", "nl"}  # the negation may stand at the end of what it negates
_TURNING = re.compile(
    r"(?<!\w)(?:unless|except|only|until|nur|außer|sofern|bis|sauf|seulement|que\s+si|salvo|(?<!por )sólo|"
    r"(?<!da )(?<!por )(?<!por sí )solo|excepto|tranne|"
    r"alleen|behalve|somente|apenas|not\s+only|no\s+longer|whether\s+or\s+not)(?!\w)",
    re.IGNORECASE,
)
_CUE = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_NUMBERED = re.compile(r"\.|\s*(?:\d|[:=#])")

_GROUPS: tuple[tuple[str, ...], ...] = (
    (
        "rise rises rose risen rising grow grows grew grown growing growth increase increases increased increasing "
        "climbed climb gained gain raise raises raised steigt steigen stieg stiegen gestiegen "
        "steigern gesteigert wuchs gewachsen "
        "wächst "
        "zugenommen zunahme erhöht erhöhte erhöhen anstieg augmenté augmente augmentation hausse progressé aumentó "
        "aumenta "
        "aumento subió creció crece aumentaron subieron crecieron aumentado subido crecido aumentado aumentan "
        "aumentato aumentati aumentata aumentate cresciuto cresciuti cresciuta cresciute salito saliti salita salite "
        "augmentés augmentées augmentée augmentent "
        "gestegen toegenomen steeg stegen stijgt stijging groeide groeit toename progresse progressent progression "
        "augmenter hausses incrementó incremento ascendió alza crebbe cresce crescita aumentou aumentaram subiu "
        "subiram cresceu cresceram crescimento wzrósł wzrosła wzrosło wzrosły rośnie wzrost zwiększył "
        "zwiększyła zwiększyło arttı artış yükseldi",
        "fall falls fell fallen falling drop drops dropped decrease decreases decreased decreasing decline declines "
        "declined declining shrink shrinks shrank shrunk reduce reduces reduced reduction lower lowers lowered loss "
        "lost "
        "sank sunk dipped sinkt sinken sank sanken gesunken fiel fielen gefallen abgenommen abnahme "
        "gesenkt senkt senken rückgang "
        "verringert "
        "verringern baisse baissé diminué diminue diminution recul reculé disminuyó disminuye "
        "disminuyeron bajó bajaron cayó cayeron descenso "
        "descendió disminuido reducido reducida bajado descendido "
        "diminués diminuée diminuées diminuent "
        "diminuito diminuiti diminuita diminuite calato calati calata calate sceso scesi scesa scese ridotto ridotta "
        "gedaald afgenomen daalde daalden daalt daling kromp afname recule reculent baisser baissent zurückgegangen "
        "zurückging caída cae caen descendieron disminución calo diminuzione scende scesero caiu caíram diminuiu "
        "diminuíram desceu desceram reduziu queda redução baixou spadł spadła spadło spadły spada spadek zmniejszył "
        "zmniejszyła zmniejszyło azaldı düştü düşüş",
    ),
    ("open opens opened opening öffnen öffnet geöffnet offen ouvrir ouvrez ouvert ouverte abrir abra abierto "
    "abierta abiertos abiertas ouverts ouvertes aprire apri aperto aperta aperti aperte open geopend",
     "close closes closed closing shut schließen schließt geschlossen fermer fermez fermé fermée fermés fermées cerrar "
     "cierre cerrado cerrada cerrados cerradas chiudere chiudi chiuso chiusa chiusi chiuse sluit gesloten"),
    ("before bevor avant antes prima", "after nachdem après después dopo"),
    ("tighten tightens tightened festziehen anziehen angezogen serrer serrez apretar", "loosen loosens loosened "
    "lösen löst "
     "gelöst desserrer desserrez aflojar"),
    ("insert inserts inserted einsetzen eingesetzt insérer insérez insertar", "remove removes removed entfernen "
    "entfernt "
     "retirer retirez retirar extraer"),
    ("connect connects connected anschließen angeschlossen brancher branchez conectar", "disconnect disconnects "
     "disconnected abklemmen débrancher débranchez desconectar"),
    ("lock locks locked verriegeln verriegelt verrouiller", "unlock unlocks unlocked entriegeln entriegelt "
    "déverrouiller"),
    ("clockwise", "counterclockwise counter-clockwise anticlockwise anti-clockwise"),
    ("left links linke linken linker linkes gauche izquierda izquierdo sinistra sinistro",
     "right rechts rechte rechten rechter rechtes droite droit derecha derecho destra destro"),
    ("upper top obere oberen oberer oben supérieur supérieure superior", "lower bottom untere unteren unterer unten "
     "inférieur inférieure inferior"),
    ("front vordere vorderen vorne avant", "rear back hintere hinteren hinten arrière"),
    ("highest largest biggest longest most maximum höchste höchsten größte größten maximal máximo maximum massimo",
     "lowest smallest shortest least minimum niedrigste niedrigsten kleinste kleinsten minimal mínimo minimo"),
    ("high hoch hohe hoher haut haute élevé élevée alto alta", "low niedrig niedrige niedriger bas basse bajo baja "
     "basso bassa"),
    ("empty leer leere vide vacío vuoto", "full voll volle plein pleine lleno pieno"),
    ("inside innen intérieur interior", "outside außen extérieur exterior"),
    ("horizontal horizontally waagerecht", "vertical vertically senkrecht"),
    ("input eingang entrée entrada", "output ausgang sortie salida"),
    ("import imports imported einfuhr", "export exports exported ausfuhr"),
    ("start starts started starting startet gestartet démarre démarrer", "stop stops stopped stopping stoppt gestoppt "
     "arrête arrêter"),
    ("positive plus positiv", "negative minus negativ"),
    ("einschalten eingeschaltet einzuschalten allumer allumez encender", "ausschalten ausgeschaltet auszuschalten "
    "éteindre "
     "éteignez apagar"),
    ("allow allows allowed permitted erlaubt zulässig autorisé permis permitido", "ban banned bans"),
    *(tuple(words.split()) for words in (
        "red green blue yellow white black orange purple grey brown",
        "rot|rote|roten|roter|rotes grün|grüne|grünen|grüner blau|blaue|blauen|blauer gelb|gelbe|gelben|gelber "
        "weiß|weiße|weißen|weißer schwarz|schwarze|schwarzen|schwarzer",
        "rouge|rouges vert|verte|verts bleu|bleue jaune|jaunes blanc|blanche noir|noire",
        "rojo|roja verde azul amarillo|amarilla blanco|blanca negro|negra",
        "january february march april may june july august september october november december",
        "monday tuesday wednesday thursday friday saturday sunday",
        "montag dienstag mittwoch donnerstag freitag samstag sonntag",
        "north|northern south|southern east|eastern west|western",
        "spring summer autumn winter",
        "first second third fourth fifth sixth",
        "erste|ersten zweite|zweiten dritte|dritten vierte|vierten",
    )),
)  # fmt: skip
"""Groups of words: within a group each part says something else than the others."""

_TAKE = r"(?<!\w)(?:nahm(?:en)?|nimmt|nehmen|nam(?:en)?|neemt|nemen)\s[^;]{0,60}?(?:\d|(?<!\w)(?:um|met)\s)[^;]{0,40}?"
_APART = (
    (re.compile(rf"{_TAKE}(?<!\w)(?:zu|toe)(?=\W*$|[.,;]|\s(?:und|en)\s)", re.IGNORECASE), 0),
    (re.compile(rf"{_TAKE}(?<!\w)(?:ab|af)(?=\W*$|[.,;]|\s(?:und|en)\s)", re.IGNORECASE), 1),
    (re.compile(r"(?<!\w)(?:ging(?:en)?|geht|gehen)\s[^;]{0,80}?(?<!\w)zurück(?!\w)", re.IGNORECASE), 1),
)
"""Verbs in two parts that say rising (0) or falling (1): "nahm um 3 % ab"."""

_LOWER_CASE = re.compile(r"(?<!\w)(?:may|march|spring|second|top|back)(?!\w)")  # mostly another word


@lru_cache(maxsize=1)
def _sides() -> dict[str, tuple[tuple[int, int], ...]]:
    found: dict[str, tuple[tuple[int, int], ...]] = {}
    for group, parts in enumerate(_GROUPS):
        for side, words in enumerate(parts):
            for word in words.replace("|", " ").split():
                found[fold(word)] = (*found.get(fold(word), ()), (group, side))
    return found


def sides(text: str) -> dict[int, frozenset[int]]:
    """The groups that a text has words of, with the parts of each."""
    found: dict[int, set[int]] = {}
    known = _sides()
    if re.search(r"\b(?:switch|turn)\w*\s+(?:\w+\s+){0,3}?off\b", text, re.IGNORECASE):
        found[_SWITCHED] = {1}
    elif re.search(r"\b(?:switch|turn)\w*\s+(?:\w+\s+){0,3}?on\b", text, re.IGNORECASE):
        found[_SWITCHED] = {0}
    for pattern, side in _APART:
        if pattern.search(text):
            found.setdefault(DIRECTION, set()).add(side)
    for word in _CUE.findall(_LOWER_CASE.sub(" ", text)):
        for group, side in known.get(fold(word), ()):
            found.setdefault(group, set()).add(side)
    return {group: frozenset(parts) for group, parts in found.items()}


def opposed(text: str, other: str) -> bool:
    """Whether two texts have other words of a group and none in common."""
    mine, yours = sides(text), sides(other)
    return any(group in yours and not parts & yours[group] for group, parts in mine.items())


_PAIR = 2
_SWITCHED = len(_GROUPS)
DIRECTION = 0
"""The group of rising (0) and falling (1)."""


def left_over(text: str, evidence: str) -> list[str]:
    """Words of a text that say one of many (a colour, a month, a day of the week) where the evidence has others of
    them, and nowhere this one."""
    mine, yours = sides(text), sides(evidence)
    lost = {
        (group, side)
        for group in mine.keys() & yours.keys()
        if group != _SWITCHED and len(_GROUPS[group]) > _PAIR
        for side in mine[group]
    }
    lost = {(group, side) for group, side in lost if side not in yours[group]}
    return [word for word in _CUE.findall(_LOWER_CASE.sub(" ", text)) if lost & {*_sides().get(fold(word), ())}]


def direction(text: str) -> int:
    """1 where a text says that something rises, -1 where it falls, 0 where it says neither or both."""
    parts = sides(text).get(DIRECTION, frozenset())
    return 0 if len(parts) != 1 else -1 if 1 in parts else 1


def negations(text: str, language: str) -> list[re.Match[str]]:
    """The words of a text that negate; no "No. 7", and of "non … mai", which negates once, the first."""
    cues = _cues(language)
    found = [match for match in _CUE.finditer(text) if match[0].casefold().replace("’", "'") in cues]
    found = [m for m in found if not (m[0] in ("No", "no", "NO") and _NUMBERED.match(text, m.end()))]
    return [m for i, m in enumerate(found) if not i or m[0].casefold() not in _AGAIN.get(language, ())]


@lru_cache(maxsize=32)
def _cues(language: str) -> frozenset[str]:
    return wordset(_NEGATIONS.get(language, "")) | wordset(_NEGATIONS["en"]) | _ANYWHERE


def scope(text: str, language: str) -> str:
    """The part of a clause that its negations are about: what follows the first, or where nothing follows all of it."""
    found = negations(text, language)
    if not found:
        return ""
    behind = text[found[0].end() :]
    return text if language in _BOTH_SIDES or len(_CUE.findall(behind)) < 1 else behind


def conditional(text: str) -> bool:
    """Whether a sentence says "only", "unless" or the like: its negation may be said the other way round."""
    return bool(_TURNING.search(text))


YES = wordset("yes ✓ ✔ ja oui sí si sì true included x")
NO = wordset("no ✗ ✘ nein non nee false none – — -")


def answered(cell: str) -> int:
    """1 for a cell that says only yes, -1 for no, 0 for any other."""
    plain = cell.strip(" .*").casefold()
    return 1 if plain in YES else -1 if plain in NO else 0
