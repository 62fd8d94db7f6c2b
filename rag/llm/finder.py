"""Model servers on this machine, at the ports where they listen by default, and the models that each has.

Only loopback is asked, only these ports, and only when somebody wants to know. All are asked at the same time, within
:data:`ALL_SECONDS`; what does not answer by then is left out, or shown without its abilities.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, NamedTuple

import httpx2 as httpx

from rag.llm.capabilities import ServerSays, ask_server, read_json
from rag.proxies import is_here

PORTS = {11434: "Ollama", 1234: "LM Studio", 8080: "llama.cpp", 8000: "vLLM"}
ALL_SECONDS = 1.5  # for all servers of this machine together
ONE_SECONDS = 6.0  # for one server elsewhere
CONNECT_SECONDS = 0.5  # on this machine
MOST_MODELS = 100  # that are listed of one server
MOST_ASKED = 40  # whose abilities are asked for
AT_ONCE = 8
LONGEST_NAME = 300  # characters


class Offered(NamedTuple):
    """A model that a server has; ``vision`` and ``window`` (tokens) are None where the server does not say."""

    name: str
    vision: bool | None = None
    window: int | None = None


class ModelServer(NamedTuple):
    """A server that answered. ``problem`` says why its models are not known, empty where they are."""

    server: str
    url: str
    models: tuple[Offered, ...] = ()
    problem: str = ""


def find_servers(ports: Mapping[int, str] = PORTS, seconds: float = ALL_SECONDS) -> list[ModelServer]:
    """The model servers of this machine. Never raises, and takes no longer than ``seconds``."""
    ends = time.monotonic() + seconds
    pool = ThreadPoolExecutor(len(ports), thread_name_prefix="find-models")
    looks = [pool.submit(_look, f"http://127.0.0.1:{port}/v1", name, "", ends, True) for port, name in ports.items()]
    found = [look.result() for look in _done(looks, ends + CONNECT_SECONDS / 2)]
    pool.shutdown(wait=False, cancel_futures=True)
    return [server for server in found if server is not None]


def models_at(url: str, key: str = "", seconds: float = ONE_SECONDS) -> ModelServer:
    """What one server offers; ``problem`` is said where it does not answer. Never raises."""
    found = _look(url, "", key, time.monotonic() + seconds, False)
    return found or ModelServer("", url, (), f"Nothing answers at {url}; start the server, or check the address")


def _look(url: str, name: str, key: str, ends: float, scanning: bool) -> ModelServer | None:
    """None where nobody is there or, while looking around, where it is something else."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        listed = _listed(url, headers, ends)
    except httpx.HTTPStatusError as exc:
        status = exc.response.status_code
        if status in (401, 403):
            return ModelServer(name, url, (), _KEY if key else _WANTS_KEY)
        problem = f"It lists no models (status {status}); check the address, which mostly ends in /v1"
        return None if scanning else ModelServer(name, url, (), problem)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, RecursionError) as exc:
        if scanning or isinstance(exc, httpx.TransportError):
            return None
        return ModelServer(name, url, (), "It answers, but not as a model server; most addresses end in /v1")
    return _described(name, url, headers, listed, ends)


_WANTS_KEY = "It wants a key to say which models it has; type it below and list them again"
_KEY = "It refused the key; check it and list its models again"


def _listed(url: str, headers: Mapping[str, str], ends: float) -> list[str]:
    """The names of the models. Raises what httpx raises, and :class:`ValueError` where it is no list of models."""
    timeout = httpx.Timeout(max(0.05, ends - time.monotonic()), connect=CONNECT_SECONDS if is_here(url) else 3.0)
    with (
        httpx.Client(timeout=timeout, follow_redirects=False, trust_env=not is_here(url)) as client,
        client.stream("GET", f"{url}/models", headers=dict(headers)) as response,
    ):
        response.raise_for_status()
        found = read_json(response, ends)
    entries = found.get("data") if isinstance(found, dict) else None
    if not isinstance(entries, list):
        raise ValueError("no list of models")
    names = [entry.get("id") for entry in entries if isinstance(entry, dict)]
    return [name for name in names if isinstance(name, str) and name and len(name) <= LONGEST_NAME][:MOST_MODELS]


def _described(name: str, url: str, headers: Mapping[str, str], models: list[str], ends: float) -> ModelServer:
    """With the abilities of those that were told in time; models that only make vectors are left out."""
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="ask-models")
    asked = {
        pool.submit(ask_server, url, model, headers, 0.0, max(0.05, ends - time.monotonic())): model
        for model in models[:MOST_ASKED]
    }
    said = {asked[future]: _outcome(future) for future in _done(list(asked), ends)}
    pool.shutdown(wait=False, cancel_futures=True)
    offered = [_offered(model, said.get(model)) for model in models if _writes(said.get(model))]
    server = next((one.server for one in said.values() if one and one.server), name)
    return ModelServer(server, url, tuple(offered), "" if offered else "It has no model that writes; load one there")


def _outcome(future: Future[ServerSays | None]) -> ServerSays | None:
    return None if future.exception() else future.result()


def _writes(said: ServerSays | None) -> bool:
    return said is None or said.writes


def _offered(model: str, said: ServerSays | None) -> Offered:
    return Offered(model, said.vision if said else None, said.window if said else None)


def _done(futures: list[Future[Any]], ends: float) -> Iterator[Future[Any]]:
    """Those that are done by then, in the order in which they were given."""
    done = wait(futures, timeout=max(0.0, ends - time.monotonic())).done
    return (future for future in futures if future in done)
