"""The description of the API as a page for people: every address with what it takes, made from the OpenAPI document.

No script runs on it and nothing is loaded, unlike the framework's own pages, which fetch theirs from elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

STYLE = (
    ":root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:860px;"
    "margin:32px auto;padding:0 16px}"
    "code{font-size:13.5px;overflow-wrap:anywhere}summary{cursor:pointer;padding:5px 0}summary b{display:inline-block;"
    "min-width:64px}details{border-top:1px solid color-mix(in srgb,currentColor 20%,transparent)}"
    "details p,details ul{margin:4px 0 10px 64px}"
)


def page(described: Mapping[str, Any]) -> str:
    """The page for an OpenAPI 3.1 document."""
    info = described["info"]
    body = "".join(_group(tag, described) for tag in described["tags"])
    title = escape(f"{info['title']} API")
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head><body><h1>{title}</h1>'
        f"<p>{_prose(info['description'])}</p>"
        '<p>For programs: <a href="openapi.json"><code>openapi.json</code></a> (OpenAPI 3.1).</p>'
        f"{body}</body></html>"
    )


def _group(tag: Mapping[str, str], described: Mapping[str, Any]) -> str:
    operations = [
        _operation(method, path, operation, described)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
        if tag["name"] in operation.get("tags", ())
    ]
    if not operations:
        return ""
    return f"<h2>{escape(tag['name'].capitalize())}</h2><p>{escape(tag['description'])}.</p>{''.join(operations)}"


def _operation(method: str, path: str, operation: Mapping[str, Any], described: Mapping[str, Any]) -> str:
    told = f"<p>{_prose(operation['description'])}</p>" if operation.get("description") else ""
    fields = "".join(f"<li>{field}</li>" for field in _fields(operation, described))
    return (
        f"<details><summary><b>{method.upper()}</b> <code>/api{escape(path)}</code> – {escape(operation['summary'])}"
        f"</summary>{told}{f'<ul>{fields}</ul>' if fields else '<p>It takes nothing.</p>'}</details>"
    )


def _fields(operation: Mapping[str, Any], described: Mapping[str, Any]) -> Iterator[str]:
    """What it takes: in its address, and in its body."""
    for parameter in operation.get("parameters", ()):
        yield _field(parameter["name"], parameter.get("required", False), parameter["schema"], parameter)
    for content in operation.get("requestBody", {}).get("content", {}).values():
        schema = _resolved(content["schema"], described)
        for name, field in schema.get("properties", {}).items():
            yield _field(name, name in schema.get("required", ()), field, field)


def _field(name: str, required: bool, schema: Mapping[str, Any], told: Mapping[str, Any]) -> str:
    words = ", ".join(part for part in (_kind(schema), "required" if required else "") if part)
    said = told.get("description", "")
    return f"<code>{escape(name)}</code>{f' ({escape(words)})' if words else ''}{f': {_prose(said)}' if said else ''}"


def _prose(text: str) -> str:
    """Escaped, with what stands in backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _kind(schema: Mapping[str, Any]) -> str:
    """``list of string``, ``integer``, ``string or null``."""
    if "anyOf" in schema:
        return " or ".join(filter(None, (_kind(one) for one in schema["anyOf"])))
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {})) or 'values'}"
    if schema.get("format") == "binary" or "contentMediaType" in schema:
        return "file"
    return str(schema.get("$ref", schema.get("type", ""))).rpartition("/")[2]


def _resolved(schema: Mapping[str, Any], described: Mapping[str, Any]) -> Mapping[str, Any]:
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    found: Mapping[str, Any] = described["components"]["schemas"][name] if name else schema
    return found
