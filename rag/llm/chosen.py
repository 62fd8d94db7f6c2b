"""The model that somebody chose in the app, kept in the index folder so that it is still there after a restart.

``model.json`` can be read by nobody but who runs the program (mode 0600): it may hold the key of the server. What the
environment says wins: where it names a model, the file is not looked at. A key goes to no other server than the one it
was given for.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from rag.config import Settings
from rag.disk import disk_errors, write_whole
from rag.errors import StoreError
from rag.llm.addresses import server_of

FILE = "model.json"
PRIVATE = 0o600


class Choice(NamedTuple):
    """A model on a server, and the server's key where it wants one."""

    model: str
    base_url: str
    key: str = ""

    def __repr__(self) -> str:
        return f"Choice({self.model!r}, {self.base_url!r})"


def load(index: Path) -> Choice | None:
    """What was chosen for this index. Raises :class:`StoreError` where the file cannot be understood."""
    path = index / FILE
    try:
        found = json.loads(path.read_bytes())
        choice = Choice(found["model"], found["base_url"], found.get("key", ""))
        if not all(isinstance(word, str) for word in choice) or not choice.model:
            raise ValueError("model, base_url and key must be words")
        server_of(choice.base_url)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as exc:
        raise StoreError(f"{path} cannot be read as the choice of a model ({type(exc).__name__}); delete it") from exc
    return choice


def save(index: Path, choice: Choice) -> None:
    """Keep it. Raises :class:`StoreError`."""
    write_whole(index / FILE, json.dumps(choice._asdict(), ensure_ascii=False, indent=1).encode(), PRIVATE)


def forget(index: Path) -> None:
    """Choose nothing any more. Raises :class:`StoreError`."""
    with disk_errors(index / FILE):
        (index / FILE).unlink(missing_ok=True)


def with_choice(settings: Settings, choice: Choice | None) -> Settings:
    """The settings with that choice, as far as they leave it open: a model or server named there wins."""
    if choice is None or settings.llm_model:
        return settings
    same = server_of(choice.base_url) == server_of(settings.llm_base_url)
    if settings.llm_base_url != Settings().llm_base_url and not same:
        return settings
    key = (settings.llm_api_key if same else "") or choice.key
    return replace(settings, llm_model=choice.model, llm_base_url=choice.base_url, llm_api_key=key)


def chosen(settings: Settings) -> Settings:
    """The settings with what was chosen for their index. Raises :class:`StoreError`."""
    return settings if settings.llm_model else with_choice(settings, load(settings.index))
