"""What local model servers say about a model outside the OpenAI interface: whether it sees pictures.

Endpoints as of 2026-11: llama.cpp ``/props``, LM Studio ``/api/v1/models``, Ollama ``/api/show``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx2 as httpx

from rag.proxies import is_here

TIMEOUT = httpx.Timeout(5.0, connect=3.0)  # seconds
_HOSTED = ("api.openai.com", "openrouter.ai", "api.mistral.ai", "api.anthropic.com", "googleapis.com", "api.groq.com")


def says_vision(base_url: str, model: str, headers: Mapping[str, str]) -> bool | None:
    """Ask each native endpoint in turn; None where none of them answers the question."""
    url = httpx.URL(base_url)
    if url.host.endswith(_HOSTED):
        return None
    root = str(url.copy_with(path=url.path.rstrip("/").removesuffix("/v1") or "/")).rstrip("/")
    with httpx.Client(
        timeout=TIMEOUT, headers=dict(headers), follow_redirects=False, trust_env=not is_here(base_url)
    ) as client:
        for ask in (_llama_cpp, _lm_studio, _ollama):
            try:
                answer = ask(client, root, model)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                return None  # nobody there: the caller's own request will say so
            if answer is not None:
                return answer
    return None


def _llama_cpp(client: httpx.Client, root: str, model: str) -> bool | None:
    found = _json(client, "GET", f"{root}/props")
    modalities = found.get("modalities")
    return bool(modalities.get("vision")) if isinstance(modalities, dict) else None


def _lm_studio(client: httpx.Client, root: str, model: str) -> bool | None:
    models = _json(client, "GET", f"{root}/api/v1/models").get("models")
    for entry in models if isinstance(models, list) else ():
        if isinstance(entry, dict) and model in (entry.get("key"), entry.get("id")):
            capabilities = entry.get("capabilities")
            return bool(capabilities.get("vision")) if isinstance(capabilities, dict) else None
    return None


def _ollama(client: httpx.Client, root: str, model: str) -> bool | None:
    capabilities = _json(client, "POST", f"{root}/api/show", {"model": model}).get("capabilities")
    return "vision" in capabilities if isinstance(capabilities, list) else None


def _json(client: httpx.Client, method: str, url: str, body: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The endpoint's JSON object; empty where the server has no such endpoint."""
    try:
        response = client.request(method, url, json=body)
        found = response.json() if response.status_code == httpx.codes.OK else {}
    except (httpx.ConnectError, httpx.ConnectTimeout):
        raise
    except (httpx.HTTPError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
