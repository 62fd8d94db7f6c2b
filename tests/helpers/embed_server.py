"""A real HTTP server that speaks the documented wires of hosted embedding services, strictly, failing on demand.

A vector depends on the text or on the decoded picture's mean colour and on whether a question was asked, so that the
order of batches can be checked.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
from PIL import Image
from running import running

KEY = "very-secret-key"
PROJECT = "/v1/projects/p1/locations/us-central1"


class Refused(Exception):
    """A request that the service's documentation does not allow."""


def vector(text: str, query: bool, dim: int) -> list[float]:
    seed = int.from_bytes(hashlib.sha256(f"{query}{text}".encode()).digest()[:4], "big")
    return [float(number) for number in np.random.default_rng(seed).normal(size=dim)]


def picture_vector(data: bytes, dim: int) -> list[float]:
    with Image.open(io.BytesIO(data)) as image:
        if image.format != "JPEG" or max(image.size) > 1024:
            raise Refused(f"picture {image.format} {image.size}")
        red, green, blue = np.asarray(image.convert("RGB")).reshape(-1, 3).mean(axis=0).round(-1)
    return vector(f"{red:.0f} {green:.0f} {blue:.0f}", False, dim)


class EmbedServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.bodies: list[tuple[str, dict[str, Any]]] = []
        self.troubles: list[tuple[int, dict[str, str], str]] = []  # answered first, one a request
        self.spoil: Any = None  # a function of the answer that changes it

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


def serving() -> AbstractContextManager[EmbedServer]:
    return running(EmbedServer())


class _Handler(BaseHTTPRequestHandler):
    server: EmbedServer

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.bodies.append((self.path, body))
        if self.server.troubles:
            status, headers, text = self.server.troubles.pop(0)
            self._answer(status, text.encode(), headers)
            return
        if self.headers.get("authorization") != f"Bearer {KEY}":
            self._json(401, {"message": f"invalid api token: {self.headers.get('authorization')}"})
            return
        speak = {"/v2/embed": _cohere, "/v1/multimodalembeddings": _voyage, "/v1/embeddings": _listed}
        model = f"{PROJECT}/publishers/google/models/multimodalembedding@001:predict"
        try:
            answer = (_vertex if self.path == model else speak[self.path])(body)
        except (Refused, KeyError, ValueError) as exc:
            self._json(400, {"detail": f"{self.path}: {exc!r}"})
            return
        self._json(200, self.server.spoil(answer) if self.server.spoil else answer)

    def _json(self, status: int, body: dict[str, Any]) -> None:
        self._answer(status, json.dumps(body).encode(), {"content-type": "application/json"})

    def _answer(self, status: int, data: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def _only(body: dict[str, Any], *names: str) -> None:
    if unknown := set(body) - set(names):
        raise Refused(f"unknown fields {sorted(unknown)}")


def _picture_of(url: str) -> bytes:
    start, _, data = url.partition(",")
    if start != "data:image/jpeg;base64":
        raise Refused(start)
    return base64.b64decode(data, validate=True)


def _cohere(body: dict[str, Any]) -> dict[str, Any]:
    _only(body, "model", "input_type", "embedding_types", "inputs", "output_dimension", "truncate", "max_tokens")
    if body["input_type"] not in ("search_query", "search_document") or body["embedding_types"] != ["float"]:
        raise Refused("input_type")
    if not 1 <= len(body["inputs"]) <= 96:
        raise Refused("at most 96 inputs")
    dim, rows, pictures = body.get("output_dimension", 1536), [], 0
    if dim not in (256, 512, 1024, 1536):
        raise Refused("output_dimension")
    for item in body["inputs"]:
        (part,) = item["content"]
        if part["type"] == "text":
            rows.append(vector(part["text"], body["input_type"] == "search_query", dim))
        else:
            rows.append(picture_vector(_picture_of(part["image_url"]["url"]), dim))
            pictures += 1
    billed = {"input_tokens": 3 * (len(rows) - pictures), **({"images": pictures} if pictures else {})}
    return {"id": "1", "embeddings": {"float": rows}, "texts": [], "meta": {"billed_units": billed}}


def _voyage(body: dict[str, Any]) -> dict[str, Any]:
    _only(body, "model", "inputs", "input_type", "truncation", "output_dimension", "output_encoding")
    dim, rows, pixels = body.get("output_dimension", 1024), [], 0
    if body["input_type"] not in ("query", "document") or "multimodal" not in body["model"]:
        raise Refused("input_type or model")
    for item in body["inputs"]:
        (part,) = item["content"]
        if part["type"] == "text":
            rows.append(vector(part["text"], body["input_type"] == "query", dim))
        else:
            rows.append(picture_vector(_picture_of(part["image_base64"]), dim))
            pixels += 1000
    usage = {"text_tokens": 2, "image_pixels": pixels, "total_tokens": 5 * len(rows)}
    return {"object": "list", "data": _data(rows)[::-1], "model": body["model"], "usage": usage}


def _listed(body: dict[str, Any]) -> dict[str, Any]:
    """Jina, Voyage's text models and OpenAI share the path and the answer; what is asked tells them apart."""
    if body["model"].startswith("jina"):
        _only(body, "model", "input", "normalized", "embedding_type", "dimensions", "task", "truncate")
        dim = body.get("dimensions", 768 if body["model"] == "jina-clip-v1" else 1024)
        query = body.get("task") == "retrieval.query"
        if (body["model"] == "jina-clip-v1" and "task" in body) or body.get("task", "") == "query":
            raise Refused("task")
        rows = [_jina(item, query, dim) for item in body["input"]]
    elif body["model"].startswith("voyage"):
        _only(body, "model", "input", "input_type", "truncation", "output_dimension")
        rows = [
            vector(text, body["input_type"] == "query", body.get("output_dimension", 1024)) for text in body["input"]
        ]
    else:
        _only(body, "model", "input", "encoding_format", "dimensions", "user")
        rows = [vector(text, False, body.get("dimensions", 48)) for text in body["input"]]
    if len(body["input"]) > 128:
        raise Refused("at most 128 inputs")
    usage = {"total_tokens": 4 * len(rows), "prompt_tokens": 4 * len(rows)}
    return {"object": "list", "data": _data(rows), "model": body["model"], "usage": usage}


def _jina(item: Any, query: bool, dim: int) -> list[float]:
    if isinstance(item, str):
        return vector(item, query, dim)
    ((kind, value),) = item.items()
    return vector(value, query, dim) if kind == "text" else picture_vector(base64.b64decode(value, validate=True), dim)


def _vertex(body: dict[str, Any]) -> dict[str, Any]:
    _only(body, "instances", "parameters")
    (item,) = body["instances"]
    dim = body.get("parameters", {}).get("dimension", 1408)
    if "text" in item:
        return {"predictions": [{"textEmbedding": vector(item["text"], False, dim)}], "deployedModelId": "1"}
    if item["image"]["mimeType"] != "image/jpeg":
        raise Refused("mimeType")
    data = base64.b64decode(item["image"]["bytesBase64Encoded"], validate=True)
    return {"predictions": [{"imageEmbedding": picture_vector(data, dim)}], "deployedModelId": "1"}


def _data(rows: list[list[float]]) -> list[dict[str, Any]]:
    return [{"object": "embedding", "index": number, "embedding": row} for number, row in enumerate(rows)]
