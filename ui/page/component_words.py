"""The words on Gradio's own components – labels, placeholders, buttons – which its page puts into its language.

Gradio looks a key up in the page (:class:`gradio.I18n`); ``ui/page/opening.py`` sees that it looks in the right
language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import gradio as gr

from ui.shown.safe import attribute
from ui.words.language import LANGUAGES, speaking, tr

_WORDS: Mapping[str, Callable[[], str]] = {
    "ps_add": lambda: tr("Add documents"),
    "ps_ask": lambda: tr("Ask a question or paste a screenshot…"),
    "ps_conversation": lambda: tr("Conversation"),
    "ps_password": lambda: tr("Password"),
    "ps_question": lambda: tr("Question"),
    "ps_skip": lambda: tr("Skip"),
    "ps_unlock": lambda: tr("Unlock"),
    "ps_welcome": lambda: (
        f'<div class="ps-welcome"><h2>{attribute(tr("Ask about your documents"))}</h2>'
        f"<p>{attribute(tr('Every answer cites the page, table or figure it came from.'))}</p>"
        f'<a class="ps-first" href="#ps-drop">{attribute(tr("Add documents"))}</a></div>'
    ),
}


def word(name: str) -> gr.I18nData:
    """What a component is given for its label; Gradio puts the word in its place."""
    return _I18N(f"ps_{name}")


def translations() -> gr.I18n:
    """All of them in every language, for ``Blocks.launch``."""
    return _I18N


def _in_every_language() -> dict[str, dict[str, str]]:
    words = {}
    for code, language in LANGUAGES.items():
        with speaking(code):
            words[language.locale] = {key: say() for key, say in _WORDS.items()}
    return words


_I18N = gr.I18n(**_in_every_language())
