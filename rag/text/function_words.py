"""Words that hold a question together and say nothing of what is asked for, by language.

A question in German asked of a German manual shares "der", "was" and "bedeutet" with no passage in particular: counted
as content, they make every passage look as if it missed most of the question. Here are closed word classes and the
verbs of asking.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from rag.text.analysis import QUESTION_STOP_WORDS, fold, terms
from rag.text.passages import CONTENT_STOP_WORDS, content_terms
from rag.text.stemming import stem

WORDS: dict[str, str] = {
    "cs": """
        aby ale ani asi az bez bude by byl byla bylo být co či dnes do ho i ja jak jaká jaké jaký je jeho jej jejich
        jen jestli ještě již jsem jsou k kam kde kdo kdy kdyz když kolik která které který ma mám má mezi mi mohu musí
        může na nad nebo není o od po pod podle pokud pro proč proto před při s se si tak tato tento této to u už v ve
        však z za ze že""",
    "da": """
        af alle at blev bliver da de den denne der deres det dette dig din dine disse dit du efter eller en end er et
        fra få før gør ham han har havde hvad hvem hver hvilken hvilke hvis hvor hvordan hvorfor hvornår i ikke ind
        jeg kan kun man med meget mellem men mere min mit må nu når og også om op over på skal som så til ud under
        var ved vi vil være""",
    "de": """
        aber als am an auch auf aus bei beim bis bitte da damit dann das dass dem den denn der des die dies diese diesem
        diesen dieser dieses dort du durch ein eine einem einen einer eines er es für gegen hat hatte haben hier ich ihr
        im in ist kann kein keine keinen können man mehr mein meine meinem meinen meiner mich mir mit muss müssen nach
        nicht noch nur ob oder ohne schon sehr sein sich sie sind soll sollen über um und unter vom von vor war warum
        waren was welche welchem welchen welcher welches wenn wer werden wie wieso wieviel wieviele will wir wird wo
        wodurch wofür woher wohin womit woran worauf worin wozu wurde zu zum zur darf dürfen bedeutet bedeuten heißt
        steht tun tut mache machen macht gibt geht brauche brauchen braucht benötige benötigt viel viele oft lange""",
    "el": """
        αλλά αν από για δεν είναι εάν ένα ένας έχει η ή θα κάθε και κατά με μέχρι μετά μην μη μια μπορεί να ο οι όπως
        όταν που πού πριν πρέπει πρός προς πώς σας σε στα στη στην στις στο στον τα τι την της τις το τον του τους των
        ώστε ως""",
    "en": "mean means meant need needs happen happens compare compared",
    "es": """
        a al cada como cómo con cuál cual cuáles cuándo cuando cuánta cuántas cuánto cuántos de debe debo decir del
        donde dónde el ella en entre es esa ese está estar estas este esta están era estos ha haber hace hacer hago han
        hay he la las le les lo los más me mi mis muy necesita necesito no nosotros o para pero por porqué puede puedo
        que qué quién quien quiere se ser si significa sin sobre son su sus te tengo tiene tu tus un una unas unos y
        yo""",
    "fi": """
        ei eivät että hän ja jos joka jotka kanssa kuin kuinka kun mikä miksi missä mitä mitkä milloin mutta myös
        ne niin niitä nämä olet olla oli on onko ovat saa se sen sitä tai tämä tämän tätä vai voi voidaan voit
        kuin sekä ennen jälkeen""",
    "fr": """
        à au aussi aux avec avoir avait ce ces cet cette chez combien comment dans de des dire dois doit du elle elles
        en entre est et était être faire fait faut ici il ils je la laquelle le lequel les leur leurs là ma mais me
        mes mon ne nos notre nous on ont ou où par pas peut peux plus pour pourquoi quand que quel quelle quelles
        quels qui quoi sa sans se ses si signifie son sont sous sur ta te tes ton très tu un une vers veut veux vos
        votre vous y""",
    "hu": """
        a az és egy ez ezt azt van hogy nem is de ha vagy mint csak már meg ki mi mit hol mikor miért hogyan
        milyen melyik mennyi kell lehet minden előtt után között által fel le be el majd még akkor amely""",
    "it": """
        a agli ai al alla alle allo anche che chi ci come con cosa da dal dall dalla dalle degli dei del dell della
        delle dello deve devo di dire dove e è era essere fa faccio fare fra gli ha hanno ho i il in io la le lei lo
        lui ma mi mia mio negli nei nel nell nella nelle nello noi non o per perché posso può quale quali quando
        quanta quante quanti quanto queste questa questi questo se serve si significa sono su sul sulla ti tra tu un
        una uno vi voi vuol""",
    "nl": """
        aan als ben bij betekent dan dat de deze die dit doe doen doet door een en er geen heb hebben heeft het hij
        hoe hoeveel hun ik in is je jij jouw kan kunnen lang maar mag met mijn moet moeten naar niet nodig of om onder
        op over te tot u uit uw vaak van voor waar waarom wanneer waren was wat we welk welke wie wij wil ze zij
        zijn""",
    "no": """
        av alle at blir den denne der deres det dette deg din dine disse ditt du eller en enn er et etter fra før
        gjør ham han har hadde hva hvem hver hvilken hvilke hvis hvor hvordan hvorfor når i ikke inn jeg kan kun man
        med mellom men mer min mitt må nå og også om opp over på skal som så til ut under var ved vi vil være""",
    "pl": """
        ale bez być był była było co czemu czy często dla dlaczego do długo gdzie i ile ja jak jaka jaką jaki jakie
        jakiego jest kiedy kto która którą które który lub ma mam mi mieć mnie moja moje można może mogę muszę my mój
        na nad należy nie o od on ona oni ono oraz oznacza po pod przez przy robić się są ta tak te tego tej ten to
        trzeba ty tym u w we wy z za ze zrobić znaczy""",
    "pt": """
        a ao aos as à às com como da das de deve devo dizer do dos e é ela ele em entre era está estão estar esta este
        eu faço faz fazer há isso isto lhe mas me meu minha na não nas no nos nós o onde os ou para pode por porque
        posso preciso qual quais quando quanta quantas quanto quantos que quem quer se sem ser seu seus significa
        sobre sua suas são te tem tenho ter tu têm um uma umas uns""",
    "ro": """
        acest această aceste aceasta ai ale am ar are au că când care ce cel cele cine cu cum cât câte câți da dacă
        de din după este eu fi fie fost în la le lui mai nu o pe pentru prin sa să sau se si și sunt spre un una unde
        unei unui va vă""",
    "ru": """
        а без более бы был была было быть в во вам вас ваш вы где да для до его ее если есть же за и из или их к как
        какая какие какой когда которая которые который кто ли мне может можно мы на над надо не нет но о об он она
        они от по под почему при с сколько со так также то только у что чтобы это эта этот""",
    "sv": """
        alla att av blev blir de dem den denna deras dess det detta dig din dina du där efter eller en enligt ett
        finns från för före ha hade han har hon hur här i in inte jag kan man med mellan men mer min mitt måste ni när
        och också om på samt ska skall som så till under upp ut utan vad var varför vem vi vid vilka vilken vilket är
        över""",
    "tr": """
        ama anlama ben bir biz bu çok da daha de değil demek ediyor en etmek gelir geliyor gerekir gerekiyor gibi
        hangi için ile ise kaç kadar ki kim mi mı mu mü nasıl ne neden nedir nerede nereye niçin niye o olan olarak
        onlar sen sık siz şu var ve veya yapılır yapmalıyım yok zaman""",
}
_MARKS = '.,;:!?¿¡()"“”„«»'
LEAST = 2  # function words of a language in a text that is in it; English needs none
LEAST_OF_PAGES = (
    8  # different ones, longer than a letter, by which a page or document is known: "San" and "s." are none
)

LEAST_OF_TEXT = 3  # by which the language of a short text is told
UNIT_LETTERS = "\u00b5\u03bc\u2126\u03a9"  # micro and ohm, which stand in English texts, too
CLEARLY = 1.3  # times as many as those of any other language


@lru_cache(maxsize=64)
def function_words(language: str) -> frozenset[str]:
    """Of a language of :data:`WORDS`, folded."""
    return _folded(language) | (CONTENT_STOP_WORDS if language == "en" else frozenset())


@lru_cache(maxsize=256)
def stop_stems(language: str, stemmed_in: str) -> frozenset[str]:
    """The terms, made by the stemmer of ``stemmed_in``, that a question in ``language`` is searched without.

    In English that is :data:`rag.text.analysis.QUESTION_STOP_WORDS`, which leaves more to search for than answers are
    compared by.
    """
    words = QUESTION_STOP_WORDS if language == "en" else WORDS.get(language, "").split()
    return frozenset(term for word in words for term in (word, *terms(word, stemmed_in)))


@lru_cache(maxsize=64)
def _folded(language: str) -> frozenset[str]:
    return frozenset(fold(word) for word in WORDS.get(language, "").split())  # some languages are written without


@lru_cache(maxsize=64)
def _stems(language: str) -> frozenset[str]:
    return _folded(language) | {stem(word) for word in _folded(language)}


@lru_cache(maxsize=1)
def _languages_of_words() -> dict[str, tuple[str, ...]]:
    """Each function word, folded, with the languages that have it."""
    found: dict[str, tuple[str, ...]] = {}
    for language in WORDS:
        for word in CONTENT_STOP_WORDS if language == "en" else _folded(language):
            found[word] = (*found.get(word, ()), language)
    return found


def _counts(text: str) -> Counter[str]:
    """How many words of a text are function words of each language."""
    known, counts = _languages_of_words(), Counter[str]()
    for word in fold(text).replace("'", " ").replace("’", " ").split():
        counts.update(known.get(word.strip(_MARKS), ()))
    return counts


def _language(counts: Counter[str]) -> str:
    best = max(sorted(WORDS), key=lambda language: counts[language])
    return best if counts[best] >= LEAST and counts[best] > counts["en"] else "en"


ALSO = 0.4
"""Share of the different function words of a text's main language that it must have of another; in kindred languages
some words are the same."""


def language_of(text: str) -> str:
    """The language (ISO 639-1) whose function words a text has most of; English where it has few of any other."""
    return _language(_counts(text))


def spoken_language(text: str) -> str:
    """The same, but empty where no word tells it: a single noun, a code."""
    counts = _counts(text)
    language = _language(counts)
    return language if counts[language] else ""


def reading_language(text: str) -> str:
    """The language by which encoders are chosen to read a text; empty where it is not told and cannot be English.

    :func:`language_of` takes what has few function words for English. With letters that English words are not written
    with it is something else, whatever it is: "Açıldıktan ne kadar sonra hazır olur?", "高压侧是多少巴?".
    """
    counts = _counts(text)
    language = _language(counts)
    others = any(c.isalpha() and not c.isascii() and c not in UNIT_LETTERS for c in text)
    return "" if language == "en" and others and counts["en"] < LEAST else language


def languages_of(pages: Sequence[str]) -> list[str]:
    """The language of each page of a document: its own where it has words enough to tell, else the document's.

    So a page of a table goes with the pages around it, and a manual in four languages has four.
    """
    every = [_different(page) for page in pages]
    document = _known_language(frozenset[str]().union(*every)) or "en"
    return [_known_language(words) or document for words in every]


def page_language(page: str) -> str:
    """The language of a page by itself; empty where it has too few words to tell."""
    return _known_language(_different(page))


def told_language(text: str) -> str:
    """The language whose different function words a text has clearly most of; empty where it has too few of any, or
    nearly as many of two, as where it says everything twice."""
    counts = Counter(language for word in _different(text) for language in _languages_of_words()[word])
    (best, most), (_, second) = (*counts.most_common(2), ("", 0), ("", 0))[:2]
    return best if most >= LEAST_OF_TEXT and most >= CLEARLY * second else ""


def also_in(text: str, language: str, main: str) -> bool:
    """Whether a text that is mostly in one language says much in another, too: a page in Russian with the English
    windows of a program."""
    counts = Counter(one for word in _different(text) for one in _languages_of_words()[word])
    return counts[language] >= ALSO * counts[main]


def _different(text: str) -> frozenset[str]:
    known = _languages_of_words()
    found = {word.strip(_MARKS) for word in fold(text).replace("'", " ").replace("’", " ").split()}
    return frozenset(word for word in found if len(word) > 1 and word in known)


def _known_language(words: frozenset[str]) -> str:
    """The language that has most of these function words; empty where it has too few."""
    counts = Counter(language for word in words for language in _languages_of_words()[word])
    best = max(sorted(WORDS), key=lambda language: (counts[language], language == "en"))
    return best if counts[best] >= LEAST_OF_PAGES else ""


def content_terms_of_language(text: str, language: str = "") -> list[str]:
    """The terms of a text without the function words of its language and the verbs of asking, in order.

    Where ``language`` is not given the text tells.
    """
    left_out = _stems(language or language_of(text)) | _stems("en")
    return [term for term in content_terms(text) if term not in left_out]
