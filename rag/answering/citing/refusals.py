"""Answers that say that the documents do not say: models decline in their own words whatever the prompt demands.

"I'm sorry, but the provided evidence does not mention the fuse."     declines
"Die Dokumente enthalten dazu keine Angaben."                         declines
"The pump is not included."                                          answers
"""

from __future__ import annotations

import re

from rag.text.passages import sentences

LONGEST = 400
"""Characters of a first sentence that can be a refusal."""

_THEM = (
    r"(?:documents?|evidence|sources?|context|text|manuals?|passages?|excerpts?|materials?|information|pages?|files?|pdfs?|"
    r"dokumente?n?|unterlagen?|belegen?|belege|quellen?|handb(?:uch|ücher)\w*|auszüge\w*|informationen|textstellen|"
    r"preuves?|extraits?|textes?|manuels?|documentos?|evidencias?|fuentes?|fragmentos?|textos?|document[io]|fonti|font[ei]|"
    r"test[io]|bronnen|documenten|teksten?|bewijs\w*|fontes?|trechos?|dokument\w*|źród\w*)"
)
_SAY = (
    r"(?:contain|mention|sa(?:y|id)|stat|provid|includ|specif|giv|describ|cover|address|answer|availab|found|find|enough|"
    r"indicat|expla|list|information|detail|disclos|enth[aä]l|erwähn|nenn|angab|angegeb|hinweis|beantwort|"
    r"information|mentionn|contien|indiqu|précis|fourni|répon|inform|mencion|indic|proporcion|incluy|incluid|dice|"
    r"conteng|contien|contên|menzion|forn|riport|bevat|vermeld|noem|zawier|wspomin|podaj)\w*"
)
_NOT = (
    r"(?:do(?:es)?\s+not|don['’]t|doesn['’]t|did\s+not|didn['’]t|cannot|can['’]t|is\s+not|are\s+not|isn['’]t|aren['’]t|not|"
    r"no|nothing|nicht|keine?[nr]?|kein|nichts|ne|n['’]|aucun\w*|no|ningun\w*|non|nessun\w*|niet|geen|não|nenhum\w*|nie)"
)
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<!\w){_THEM}(?!\w)[^.!?]{{0,80}}?(?<!\w){_NOT}(?!\w)[^.!?]{{0,60}}?(?<!\w){_SAY}",
        rf"(?<!\w){_THEM}(?!\w)[^.!?]{{0,60}}?(?<!\w){_SAY}(?!\w)[^.!?]{{0,40}}?(?<!\w)(?:nicht|keine?[nrm]?|niet|geen|nichts|"
        r"no|nothing|pas|rien)(?!\w)",
        rf"(?<!\w)(?:not|nicht|no|non|niet|não|pas)\s+{_SAY}[^.!?]{{0,40}}?(?<!\w){_THEM}(?!\w)",
        r"(?<!\w)(?:could\s+not|couldn['’]t|cannot|can['’]t|unable\s+to|not\s+able\s+to|did\s+not|didn['’]t)\s+"
        r"(?:find|answer|determine|locate|identify|tell)(?!\w)",
        r"(?<!\w)(?:konnte|kann|können)\s[^.!?]{0,80}?nicht\s+(?:gefunden|finden|beantwort\w*|ermitteln)",
        r"(?<!\w)(?:je\s+n['’]ai\s+(?:pas|rien)\s+(?:pu\s+)?trouv\w*|je\s+ne\s+(?:trouve|peux)\s+pas|aucune\s+(?:information|mention|"
        r"indication))",
        r"(?<!\w)no\s+(?:he\s+encontrado|he\s+podido|pude|puedo|encuentro|encontré|se\s+(?:menciona|indica|encuentra|especifica)|"
        r"hay\s+(?:información|mención))",
        r"(?<!\w)non\s+(?:ho\s+trovato|riesco\s+a|posso\s+rispondere|è\s+(?:menzionat|indicat|specificat)\w*)",
        r"(?<!\w)(?:kon|kan)\s[^.!?]{0,60}?niet\s+(?:vinden|beantwoorden)",
        r"(?<!\w)não\s+(?:encontrei|foi\s+possível|consegui|há\s+informaç\w+)",
        r"(?<!\w)nie\s+(?:znalaz\w*|mog\w*\s+znale\w*|udało\s+się)",
        r"(?<!\w)(?:there\s+is\s+no|there['’]s\s+no|no)\s+(?:information|mention|evidence|indication|details?)(?!\w)",
        r"(?<!\w)(?:keine|geen)\s+(?:angaben?|informationen?|hinweise?|informatie|gegevens)(?!\w)",
    )
)


def declines(text: str) -> bool:
    """Whether the first sentence of a text says that the documents do not answer."""
    first = next(iter(sentences(text[: 2 * LONGEST])), "")
    return len(first) <= LONGEST and any(pattern.search(first) for pattern in _PATTERNS)


def guess(text: str) -> str:
    """What an answer that declines says beyond that: the sentences behind the first that decline nothing."""
    rest = sentences(text)[1:]
    return " ".join(sentence for sentence in rest if not declines(sentence) and not sentence.endswith("?"))
