"""The page's HTML on its way to a browser, in the language that the browser gets: its ``lang``, and the words of our
scripts (``window.pagesightWords``), which must be there before Gradio's own scripts run.

Gradio takes its language from ``navigator.language`` alone (6.31), so where another one was chosen, that is told to it.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from functools import cache
from typing import Any

from ui.page.theme import asset, scripts
from ui.words.language import LANGUAGES, for_browser, speaking, tr

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
_SIGNING_IN = '"auth_required":true'  # in what Gradio tells its scripts
VARY = b"cookie, accept-language"
_SET = """
(() => {
  const { language, locale, login } = window.pagesightWords;
  if (navigator.language.split("-")[0] !== language || locale !== language) {
    try { Object.defineProperty(navigator, "language", { get: () => locale }); } catch { /* then those differ */ }
  }
  if (window.gradio_config?.auth_message) window.gradio_config.auth_message = login;
})();
"""


class Opening:
    """One reply that may be the page; anything else goes through as it is."""

    def __init__(self, send: Send, code: str) -> None:
        self._send, self._code = send, code
        self._start: Message | None = None
        self._body = bytearray()

    async def send(self, message: Message) -> None:
        """A part of the reply (ASGI)."""
        if message["type"] == "http.response.start" and _is_html(message):
            self._start = message
        elif self._start is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._end(self._start)

    async def _end(self, start: Message) -> None:
        body = bytes(self._body)
        if body:  # none in reply to HEAD
            body = translated(body.decode(), self._code).encode()
            kept = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
            more = [(b"content-length", str(len(body)).encode()), (b"vary", VARY)]
            start = {**start, "headers": [*kept, *more]}
        self._start = None
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


def translated(html: str, code: str) -> str:
    """Gradio's page with our words; the first head and lang are its own, before anything of ours."""
    html = html.replace('lang="en"', f'lang="{LANGUAGES[code].locale}"', 1)
    before, head, after = html.partition("</head>")
    if not head:
        return html
    sign_in = f"<style>{asset('sign_in.css')}</style><script>{asset('sign_in.js')}</script>"
    form = sign_in if _SIGNING_IN in before else ""
    return f"{before}{form}<script>window.pagesightWords = {_words(code)};{_SET}</script>\n{head}{after}"


@cache
def _words(code: str) -> str:
    with speaking(code):
        login = tr("<b>PageSight</b> – answers that show their evidence. Sign in to go on.")
    words = {**for_browser(code, scripts()), "login": login}
    return json.dumps(words, ensure_ascii=False).replace("<", "\\u003c")


def _is_html(message: Message) -> bool:
    named = {name.lower(): value for name, value in message.get("headers", [])}
    return bool(named.get(b"content-type", b"").startswith(b"text/html"))
