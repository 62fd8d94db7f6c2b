"""Words that hold a question together and say nothing of what is asked for, by language.

A question in German asked of a German manual shares "der", "was" and "bedeutet" with no passage in particular: counted
as content, they make every passage look as if it missed most of the question. Here are closed word classes and the
verbs of asking.
"""

from __future__ import annotations

from functools import lru_cache

from rag.text.analysis import fold, stem
from rag.text.passages import CONTENT_STOP_WORDS, content_terms

WORDS: dict[str, str] = {
    "de": """
        aber als am an auch auf aus bei beim bis bitte da damit dann das dass dem den denn der des die dies diese
        diesem diesen dieser dieses dort du durch ein eine einem einen einer eines er es für gegen hat hatte haben
        hier ich ihr im in ist kann kein keine keinen können man mehr mein meine meinem meinen meiner mich mir mit
        muss müssen nach nicht noch nur ob oder ohne schon sehr sein sich sie sind soll sollen über um und unter vom
        von vor war warum waren was welche welchem welchen welcher welches wenn wer werden wie wieso wieviel wieviele
        will wir wird wo wodurch wozu wurde zu zum zur darf dürfen bedeutet bedeuten heißt steht tun tut mache machen
        macht gibt geht brauche brauchen braucht benötige benötigt viel viele oft lange""",
    "en": "mean means meant need needs happen happens compare compared",
    "es": """
        a al como cómo con cuál cual cuáles cuándo cuando cuánta cuántas cuánto cuántos de debe debo decir del donde
        dónde el ella en entre es esa ese está estar estas este esta están era estos ha haber hace hacer hago han hay
        he la las le les lo los más me mi mis muy necesita necesito no nosotros o para pero por porqué puede puedo que
        qué quién quien quiere se ser si significa sin sobre son su sus te tengo tiene tu tus un una unas unos y yo""",
    "fr": """
        à au aussi aux avec avoir avait ce ces cet cette chez combien comment dans de des dire dois doit du elle elles
        en entre est et était être faire fait faut ici il ils je la laquelle le lequel les leur leurs là ma mais me
        mes mon ne nos notre nous on ont ou où par pas peut peux plus pour pourquoi quand que quel quelle quelles
        quels qui quoi sa sans se ses si signifie son sont sous sur ta te tes ton très tu un une vers veut veux vos
        votre vous y""",
    "it": """
        a agli ai al alla alle allo anche che chi ci come con cosa da dal dalla degli dei del della delle dello deve
        devo di dire dove e è era essere fa faccio fare fra gli ha hanno ho i il in io la le lei lo lui ma mi mia mio
        nei nel nella nelle noi non o per perché posso può quale quali quando quanta quante quanti quanto queste
        questa questi questo se serve si significa sono su sul sulla ti tra tu un una uno vi voi vuol""",
    "nl": """
        aan als ben bij betekent dan dat de deze die dit doe doen doet door een en er geen heb hebben heeft het hij
        hoe hoeveel hun ik in is je jij jouw kan kunnen lang maar mag met mijn moet moeten naar niet nodig of om onder
        op over te tot u uit uw vaak van voor waar waarom wanneer waren was wat we welk welke wie wij wil ze zij
        zijn""",
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
    "tr": """
        ama anlama ben bir biz bu çok da daha de değil demek ediyor en etmek gelir geliyor gerekir gerekiyor gibi
        hangi için ile ise kaç kadar ki kim mi mı mu mü nasıl ne neden nedir nerede nereye niçin niye o olan olarak
        onlar sen sık siz şu var ve veya yapılır yapmalıyım yok zaman""",
}
_MARKS = '.,;:!?¿¡()"“”„«»'
LEAST = 2  # function words of a language in a text that is in it; English needs none


@lru_cache(maxsize=64)
def function_words(language: str) -> frozenset[str]:
    """Of a language of :data:`WORDS`, folded."""
    return _folded(language) | (CONTENT_STOP_WORDS if language == "en" else frozenset())


@lru_cache(maxsize=64)
def _folded(language: str) -> frozenset[str]:
    return frozenset(fold(word) for word in WORDS[language].split())


@lru_cache(maxsize=64)
def _stems(language: str) -> frozenset[str]:
    return _folded(language) | {stem(word) for word in _folded(language)}


def language_of(text: str) -> str:
    """The language (ISO 639-1) whose function words a text has most of; English where it has few of any other."""
    said = [word.strip(_MARKS) for word in fold(text).replace("'", " ").replace("’", " ").split()]
    counts = {name: sum(word in _folded(name) for word in said) for name in WORDS if name != "en"}
    best = max(counts, key=lambda name: counts[name])
    english = sum(word in CONTENT_STOP_WORDS for word in said)
    return best if counts[best] >= LEAST and counts[best] > english else "en"


def content_terms_of_language(text: str) -> list[str]:
    """The terms of a text without the function words of its language and the verbs of asking, in order."""
    left_out = _stems(language_of(text)) | _stems("en")
    return [term for term in content_terms(text) if term not in left_out]
