"""What local model servers say about a model outside the OpenAI interface: whether it sees pictures, how much it reads.

| server | pictures | window, as it is loaded |
|---|---|---|
| llama.cpp | ``/props`` modalities.vision | ``/props`` default_generation_settings.n_ctx, of one slot |
| LM Studio | ``/api/v1/models`` capabilities.vision | there, or ``/api/v0/models`` loaded_context_length |
| Ollama | ``/api/show`` capabilities | ``/api/ps`` context_length once it is loaded, else ``/api/show`` num_ctx |
| vLLM, SGLang and others | | ``/v1/models`` max_model_len or a name like it |

Endpoints as of 2026-11. Every request is bounded in time, and so are all together.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import httpx2 as httpx

from rag.proxies import is_here

TIMEOUT = httpx.Timeout(5.0, connect=3.0)  # seconds
ALL_SECONDS = 12.0  # after which no further endpoint is asked
LARGEST_REPLY = 8_000_000  # bytes; what Ollama shows of a model has its licence and its tensors
OLLAMA_DEFAULT = 4096  # tokens on machines with less than 24 GiB of GPU memory (docs/context-length.mdx, 2026-08)
_HOSTED = ("api.openai.com", "openrouter.ai", "api.mistral.ai", "api.anthropic.com", "googleapis.com", "api.groq.com")
_WINDOWS = ("max_model_len", "context_length", "context_window", "max_context_length", "max_context_window")
_VECTORS = ("embedding", "embeddings")
_NUM_CTX = re.compile(r"^num_ctx\s+(\d+)", re.MULTILINE)

HOW_TO_WIDEN = {
    "llama.cpp": "start it with a larger context, `llama-server -c 16384 -np 1` (it is divided among the slots of -np)",
    "LM Studio": "load the model with a larger context length, `lms load MODEL --context-length 16384`",
    "Ollama": "start it as `OLLAMA_CONTEXT_LENGTH=16384 ollama serve`, or move the slider of context length in its app",
    "vLLM": "start it with `--max-model-len 16384`, as far as its memory allows",
}
"""What to do about a window that is too small, by server."""
WIDEN = "load the model with a larger context in the server"
"""The same where the server is none of these."""


@dataclass(frozen=True, slots=True)
class ServerSays:
    """What a server tells of a model. ``server``: its name, empty where it is none of those known; ``vision`` and
    ``window`` (tokens) are None where it does not say; ``lasting``: whether that holds until it is restarted;
    ``writes``: False for one that only makes vectors of texts."""

    server: str = ""
    vision: bool | None = None
    window: int | None = None
    lasting: bool = True
    writes: bool = True

    @property
    def how_to_widen(self) -> str:
        """What to do about a window that is too small."""
        return HOW_TO_WIDEN.get(self.server, WIDEN)


def is_hosted(base_url: str) -> bool:
    """Whether that is a well-known service: its models' windows are large, and it has no endpoints of its own kind."""
    return httpx.URL(base_url).host.endswith(_HOSTED)


def ask_server(
    base_url: str,
    model: str,
    headers: Mapping[str, str],
    load_seconds: float = 0.0,
    all_seconds: float = ALL_SECONDS,
) -> ServerSays | None:
    """Ask the native endpoints in turn; None where nobody is there.

    ``load_seconds``: how long Ollama may take to load the model, which decides on the window only then; 0: not loaded.
    ``all_seconds``: how long all other requests may take together.
    """
    if is_hosted(base_url):
        return ServerSays()
    url = httpx.URL(base_url)
    root = str(url.copy_with(path=url.path.rstrip("/").removesuffix("/v1") or "/")).rstrip("/")
    with httpx.Client(
        timeout=TIMEOUT, headers=dict(headers), follow_redirects=False, trust_env=not is_here(base_url)
    ) as client:
        try:
            return _asked(_Asked(client, root, base_url.rstrip("/"), model, load_seconds, all_seconds))
        except (httpx.ConnectError, httpx.ConnectTimeout):
            return None  # nobody there: the caller's own request will say so


class _Asked:
    """One round of questions to a server, within ``all_seconds``."""

    def __init__(
        self, client: httpx.Client, root: str, base: str, model: str, load_seconds: float, all_seconds: float
    ) -> None:
        self.root, self.base, self.model, self.load_seconds = root, base, model, load_seconds
        self._client, self._ends = client, time.monotonic() + all_seconds

    def json(self, url: str, body: Mapping[str, Any] | None = None, seconds: float | None = None) -> dict[str, Any]:
        """The endpoint's JSON object, of a GET or with ``body`` a POST; empty where the server has none."""
        if time.monotonic() > self._ends:
            return {}
        timeout = httpx.Timeout(seconds, connect=3.0) if seconds else TIMEOUT
        try:
            with self._client.stream("GET" if body is None else "POST", url, json=body, timeout=timeout) as response:
                ends = max(self._ends, time.monotonic() + (seconds or 0.0))
                found = read_json(response, ends) if response.status_code == httpx.codes.OK else {}
        except (httpx.ConnectError, httpx.ConnectTimeout):
            raise
        except (httpx.HTTPError, ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


def read_json(response: httpx.Response, ends: float) -> Any:
    """A reply's JSON. Raises :class:`ValueError` where it is none, or too long, or not there in time (monotonic)."""
    whole = bytearray()
    for part in response.iter_bytes():
        whole += part
        if len(whole) > LARGEST_REPLY or time.monotonic() > ends:
            raise ValueError("the reply came to no end")
    return json.loads(whole)


def _asked(asked: _Asked) -> ServerSays:
    for ask in (_llama_cpp, _lm_studio, _ollama):
        said = ask(asked)
        if said is not None:
            return said if said.window else replace(said, window=_listed(asked).window)
    return _listed(asked)


def _llama_cpp(asked: _Asked) -> ServerSays | None:
    """One that serves several models (its router) answers for the one named in the address."""
    found = asked.json(f"{asked.root}/props")
    if found.get("role") == "router":
        found = asked.json(str(httpx.URL(f"{asked.root}/props", params={"model": asked.model})))
    modalities, settings = found.get("modalities"), found.get("default_generation_settings")
    if not isinstance(modalities, dict) and not isinstance(settings, dict):
        return None
    vision = bool(modalities.get("vision")) if isinstance(modalities, dict) else None
    return ServerSays("llama.cpp", vision, _number(settings.get("n_ctx")) if isinstance(settings, dict) else None)


def _lm_studio(asked: _Asked) -> ServerSays | None:
    for entry in _entries(asked.json(f"{asked.root}/api/v1/models").get("models")):
        if asked.model in (entry.get("key"), entry.get("id")):
            capabilities = entry.get("capabilities")
            vision = bool(capabilities.get("vision")) if isinstance(capabilities, dict) else None
            windows = [_number(_of(one, "config", "context_length")) for one in _entries(entry.get("loaded_instances"))]
            known = [window for window in windows if window]
            writes = entry.get("type") not in _VECTORS
            return ServerSays("LM Studio", vision, min(known, default=None), lasting=bool(known), writes=writes)
    for entry in _entries(asked.json(f"{asked.root}/api/v0/models").get("data")):
        if entry.get("id") == asked.model and entry.get("type") in _VECTORS:
            return ServerSays("LM Studio", False, writes=False)
        if entry.get("id") == asked.model and entry.get("type") in ("llm", "vlm"):
            loaded = _number(entry.get("loaded_context_length"))
            return ServerSays("LM Studio", entry["type"] == "vlm", loaded, lasting=bool(loaded))
    return None


def _ollama(asked: _Asked) -> ServerSays | None:
    shown = asked.json(f"{asked.root}/api/show", {"model": asked.model})
    capabilities = shown.get("capabilities")
    if not isinstance(capabilities, list):
        return None
    if "completion" not in capabilities and "embedding" in capabilities:
        return ServerSays("Ollama", False, writes=False)
    vision, window = "vision" in capabilities, _ollama_loaded(asked)
    if window is None and asked.load_seconds:  # a prompt of nothing loads the model, as the question would do anyway
        asked.json(f"{asked.root}/api/generate", {"model": asked.model, "stream": False}, asked.load_seconds)
        window = _ollama_loaded(asked)
    if window is not None:
        return ServerSays("Ollama", vision, window)
    given = _NUM_CTX.search(str(shown.get("parameters", "")))
    return ServerSays("Ollama", vision, int(given[1]) if given else OLLAMA_DEFAULT, lasting=False)


def _ollama_loaded(asked: _Asked) -> int | None:
    for entry in _entries(asked.json(f"{asked.root}/api/ps").get("models")):
        if any(entry.get(name) in (asked.model, f"{asked.model}:latest") for name in ("name", "model")):
            return _number(entry.get("context_length"))
    return None


def _listed(asked: _Asked) -> ServerSays:
    """What the list of models says beside the name, as vLLM does."""
    for entry in _entries(asked.json(f"{asked.base}/models").get("data")):
        if entry.get("id") == asked.model:
            window = next((window for name in _WINDOWS if (window := _number(entry.get(name)))), None)
            return ServerSays("vLLM" if entry.get("owned_by") == "vllm" else "", None, window)
    return ServerSays()


def _entries(listed: Any) -> Iterator[dict[str, Any]]:
    return (entry for entry in (listed if isinstance(listed, list) else ()) if isinstance(entry, dict))


def _of(entry: dict[str, Any], name: str, inner: str) -> Any:
    found = entry.get(name)
    return found.get(inner) if isinstance(found, dict) else None


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None
