"""The JSON of Chat Completions: messages as a request holds them, and the words of a reply.

A message of words alone is one string: many servers read nothing else, and one that sees no pictures may lose a whole
message that comes as a list of parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from rag.llm.base import Message
from rag.llm.images import data_url


def wire(message: Message) -> dict[str, Any]:
    """A message as the request's JSON holds it: pictures as data URLs in their place."""
    if all(isinstance(part, str) for part in message.parts):
        return {"role": message.role, "content": "".join(cast("tuple[str, ...]", message.parts))}
    content = [
        {"type": "text", "text": part}
        if isinstance(part, str)
        else {"type": "image_url", "image_url": {"url": data_url(part)}}
        for part in message.parts
    ]
    return {"role": message.role, "content": content}


def has_pictures(body: Sequence[dict[str, Any]]) -> bool:
    """Whether a request's messages hold a picture."""
    return any(part["type"] == "image_url" for message in body for part in _parts(message))


def words_in(body: Sequence[dict[str, Any]]) -> str:
    """All words of a request's messages."""
    return "\n".join(part["text"] for message in body for part in _parts(message) if part["type"] == "text")


def _parts(message: dict[str, Any]) -> list[dict[str, Any]]:
    content = message["content"]
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def field(value: Any, name: str) -> Any:
    """A field of a JSON object or of the SDK's; None where there is none."""
    return value.get(name) if isinstance(value, dict) else getattr(value, name, None)


def words_of(content: Any) -> str:
    """The words of a reply's content: a string, or a list of parts of which those with thoughts are left out."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    return "".join(part if isinstance(part, str) else _words(part) for part in content)


def _words(part: Any) -> str:
    text = field(part, "text") if field(part, "type") in (None, "text", "output_text") else None
    return text if isinstance(text, str) else ""
