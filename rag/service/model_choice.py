"""Which model answers, changed while the program runs: what there is, tried with a picture, used at once.

What the environment says wins and cannot be changed here. A key that is typed goes to its server and, if wanted, into
the index folder (:mod:`rag.llm.chosen`); it is never given out again, and never sent to another server than the one it
was typed for.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, NamedTuple

from rag.config import Settings
from rag.errors import BadSettings, RagError
from rag.llm import chosen
from rag.llm.addresses import checked, server_of
from rag.llm.chosen import Choice
from rag.llm.open import LOCAL, open_llm

if TYPE_CHECKING:
    from rag.llm.finder import ModelServer
    from rag.llm.trial import Trial
    from rag.service.library import Documents

MODEL, SERVER, KEYS = "PAGESIGHT_LLM_MODEL", "PAGESIGHT_LLM_BASE_URL", ("PAGESIGHT_LLM_API_KEY", "OPENAI_API_KEY")
LONGEST_MODEL = 300  # characters
LONGEST_KEY = 4000  # characters; tokens of large providers have up to 2,000


class Answering(NamedTuple):
    """What answers now. ``key``: where it comes from, not what it is; ``fixed``: environment variables that decide."""

    model: str
    url: str
    key: Literal["", "kept", "until the program ends", "environment"]
    fixed: tuple[str, ...]
    problem: str = ""

    @property
    def editable(self) -> bool:
        """Whether a model can be chosen: the environment names none."""
        return MODEL not in self.fixed


class ModelChoice:
    """Of the library that a program shares. All methods may be called from any thread.

    ``settings`` are those of the environment, without what was chosen before.
    """

    def __init__(self, library: Documents, settings: Settings, environ: Mapping[str, str] | None = None) -> None:
        self._library, self._base = library, settings
        self._environ = os.environ if environ is None else environ
        self._lock = threading.Lock()
        self._trying = threading.Lock()
        self._choice: Choice | None = None
        self._kept, self._problem = False, ""

    def restore(self) -> None:
        """At the start: use what was chosen before. What cannot be used is said by :meth:`now`."""
        with self._lock:
            try:
                self._choice = None if self._base.llm_model else chosen.load(self._base.index)
            except RagError as exc:
                self._problem = str(exc)
            self._kept = self._choice is not None
            self._apply()

    def now(self) -> Answering:
        """What answers at this moment."""
        with self._lock:
            settings, choice = self._library.settings, self._choice
            fixed = tuple(name for name in (MODEL, SERVER, *KEYS) if self._environ.get(name))
            if self._base.llm_model and MODEL not in fixed:
                fixed = (MODEL, *fixed)  # named by the program that made the settings
            model = self._library.answerer()
            url = settings.llm_base_url if settings.llm_model and not settings.llm_model.startswith(LOCAL) else ""
            key: Literal["", "kept", "until the program ends", "environment"] = ""
            if url and settings.llm_api_key:
                typed = choice is not None and settings.llm_api_key == choice.key
                key = ("kept" if self._kept else "until the program ends") if typed else "environment"
            return Answering(model, url, key, fixed, self._problem)

    def find(self) -> list[ModelServer]:
        """The model servers of this machine."""
        from rag.llm import finder

        return finder.find_servers(finder.PORTS, finder.ALL_SECONDS)

    def models(self, url: str, key: str | None) -> ModelServer:
        """What a server offers; without a ``key`` the one that is known for it. Raises :class:`BadSettings`."""
        from rag.llm.finder import models_at

        address = self._address(url)
        return models_at(address, self._key(address, key))

    def try_out(self, model: str, url: str, key: str | None) -> Trial:
        """Try a model before it is used. Raises :class:`BadSettings`, also while another one is being tried."""
        from rag.llm.openai_compatible import OpenAICompatible
        from rag.llm.trial import try_out

        settings = self._settings(model, url, key)
        if not self._trying.acquire(blocking=False):
            raise BadSettings("A model is being tried already; wait until that is done")
        try:
            return try_out(OpenAICompatible(settings))
        finally:
            self._trying.release()

    def use(self, model: str, url: str, key: str | None, keep_key: bool) -> Answering:
        """Have this model answer from the next question on, and after a restart.

        ``keep_key``: whether the key is written down, too. Raises :class:`BadSettings`, :class:`StoreError`.
        """
        settings = self._settings(model, url, key)
        choice = Choice(settings.llm_model, settings.llm_base_url, self._key(settings.llm_base_url, key, typed=True))
        with self._lock:
            chosen.save(self._base.index, choice if keep_key else choice._replace(key=""))
            self._choice, self._kept, self._problem = choice, keep_key, ""
            self._apply()
        return self.now()

    def quote(self) -> Answering:
        """Have no model answer: quotes, as without one. The choice and its key are forgotten."""
        self._check_editable()
        with self._lock:
            chosen.forget(self._base.index)
            self._choice, self._kept, self._problem = None, False, ""
            self._apply()
        return self.now()

    def _apply(self) -> None:
        settings = chosen.with_choice(self._base, self._choice)
        try:
            llm = open_llm(settings)
        except RagError as exc:
            self._problem, settings = str(exc), self._base
            llm = open_llm(settings)
        self._library.use_model(llm, settings)

    def _settings(self, model: str, url: str, key: str | None) -> Settings:
        self._check_editable()
        name = " ".join(model.split())
        if not name or len(name) > LONGEST_MODEL or not name.isprintable() or name.startswith(LOCAL):
            raise BadSettings("Choose a model of the server by its name")
        address = self._address(url)
        return replace(self._base, llm_model=name, llm_base_url=address, llm_api_key=self._key(address, key))

    def _check_editable(self) -> None:
        if self._base.llm_model:
            raise BadSettings(f"The model is set by {MODEL} in the environment; change it there and start again")

    def _address(self, url: str) -> str:
        self._check_editable()
        address, named = checked(url), self._environ.get(SERVER, "")
        if named and server_of(named) != server_of(address):
            raise BadSettings(f"The server is set by {SERVER} in the environment ({named}); change it there")
        return address

    def _key(self, address: str, key: str | None, typed: bool = False) -> str:
        """What is sent to that server: the environment's key for it, what was typed, what was typed for it before."""
        mine = self._base.llm_api_key
        if mine and not typed and server_of(self._base.llm_base_url) == server_of(address):
            return mine
        if key is not None:
            word = key.strip()
            if len(word) > LONGEST_KEY or not word.isascii() or not word.isprintable():
                raise BadSettings("That cannot be a key: keys have letters, digits and signs, no spaces or line breaks")
            return word
        known = self._choice
        return known.key if known is not None and server_of(known.base_url) == server_of(address) else ""
