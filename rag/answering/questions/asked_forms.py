"""What a question asks for by its form: a telephone number, an address of mail or of the net, what letters stand for.

    "How can I call the service?"      Hotline: +44 161 555 0188
    "What does NTP stand for?"         … the Network Time Protocol (NTP) …

The label beside it need not be the question's word ("phone", "hotline"), the form tells it.
"""

from __future__ import annotations

import re
from functools import lru_cache

_PHONE_ASKED = re.compile(
    r"\b(?:(?:tele)?phone|call|hotline|fax|telefon\w*|rufnummer|anrufen|téléphone|téléphoner|appeler|teléfono|llamar|telefono|"
    r"telefonare|chiamare|telefoon\w*|bellen|telefone|ligar)\b|电话|電話",
    re.IGNORECASE,
)
_MAIL_ASKED = re.compile(
    r"\b(?:e-?mail|mail[- ]?adresse|courriel|correo|posta elettronica|e-posta)\b|邮箱|メール", re.IGNORECASE
)
_SITE_ASKED = re.compile(
    r"\b(?:web ?site|web ?page|url|internet address|homepage|webseite|internetseite|internetadresse|"
    r"site (?:web|internet)|página web|sitio web|sito (?:web|internet)|strona internetowa|site na internet)\b|"
    r"网址|网站|サイト",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?<![\w.,])(?:\+|00)\d{1,3}[\s(/.-]{1,2}\d[\d\s()/.-]{5,}\d|(?<![\w.,/-])\(?0\d{1,5}\)?[\s/-]\d[\d\s/-]{3,}\d|"
    r"(?<![\w.,/-])\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{3,4}(?![\w-])|(?<![\w.,/-])(?:800|0800|1-8\d\d)[\s-]\d[\d\s-]{3,}\d"
)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
_SITE = re.compile(r"\bhttps?://\S+|\bwww\.[\w-]+\.\w", re.IGNORECASE)
_FORMS = ((_PHONE_ASKED, _PHONE), (_MAIL_ASKED, _MAIL), (_SITE_ASKED, _SITE))
_STANDS_FOR = re.compile(
    r"\b(?:stands? for|(?:full|long) (?:form|name)|abbreviation|acronym|steht für|wofür steht|abkürzung|signifie|"
    r"abréviation|sigle|significa|siglas?|abreviatura|abbreviazione|staat voor|afkorting)\b",
    re.IGNORECASE,
)
_INITIALS = re.compile(r"(?<!\w)[A-Z][A-Z&]{1,6}(?!\w)")
_SMALL = r"(?:(?:of|the|and|for|in|on|to|de|des|du|la|le|les|del|di|der|die|das|und|für|von|et|y|e|&)\s+){0,2}"


def has_form(question: str, text: str) -> bool:
    """Whether a text has what a question asks for by its form."""
    return any(form.search(text) for form in _asked(question))


@lru_cache(maxsize=256)
def _asked(question: str) -> tuple[re.Pattern[str], ...]:
    """The forms that a question asks for."""
    letters = _INITIALS.findall(question) if _STANDS_FOR.search(question) else ()
    return (*(form for asked, form in _FORMS if asked.search(question)), *map(_spelled_out, letters))


def _spelled_out(letters: str) -> re.Pattern[str]:
    """Words that begin with these letters in their order, small words between them aside."""
    words = [rf"[{letter}{letter.lower()}][\w’'-]+" for letter in letters if letter != "&"]
    between = rf"[\s-]+{_SMALL}"
    return re.compile(rf"(?<!\w){between.join(words)}(?!\w)")
