"""What hosted embedding services want to be sent and what they answer: Cohere, Voyage, Jina, Vertex, OpenAI-compatible.

Shapes as their public documentation has them in 2026-11: Cohere ``POST /v2/embed``, Voyage ``/v1/multimodalembeddings``
and ``/v1/embeddings``, Jina ``/v1/embeddings``, Vertex ``models/MODEL:predict``, OpenAI ``/v1/embeddings``.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from PIL import Image

JSON = dict[str, Any]
LONGEST_SIDE = 1024
"""Pixels of a picture that is sent; the models see it in tiles of 512 or at most 1,568."""
JPEG_QUALITY = 90


class Sent(NamedTuple):
    """One request's content: ``texts`` or JPEG ``pictures``; ``query``: the texts ask; ``dim`` 0: the model's own."""

    model: str
    dim: int
    texts: Sequence[str] = ()
    pictures: Sequence[bytes] = ()
    query: bool = False


class Usage(NamedTuple):
    """What a request was billed for, as far as the service says."""

    tokens: int = 0
    pictures: int = 0
    pixels: int = 0


@dataclass(frozen=True, slots=True)
class Service:
    """One service. ``models`` are dimensions of those that are known; any other is asked for its own with one text.

    ``texts`` and ``pictures`` are the most in one request (0 pictures: reads text alone), ``words`` the longest text.
    """

    name: str
    url: str
    key: str
    path: Callable[[Sent], str]
    body: Callable[[Sent], JSON]
    rows: Callable[[Any], list[list[float]]]
    usage: Callable[[JSON], Usage]
    models: Mapping[str, int]
    texts: int
    pictures: int
    words: int = 120

    @property
    def url_variable(self) -> str:
        """The variable that names another address, such as a proxy's."""
        return f"{self.name.upper()}_BASE_URL"


def jpeg(image: Image.Image) -> bytes:
    """A picture as it is sent."""
    image = image.convert("RGB")
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.BICUBIC)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=JPEG_QUALITY)
    return buffer.getvalue()


def _base64(picture: bytes) -> str:
    return base64.b64encode(picture).decode()


def _data_url(picture: bytes) -> str:
    return f"data:image/jpeg;base64,{_base64(picture)}"


def _sized(body: JSON, name: str, dim: int) -> JSON:
    return body | {name: dim} if dim else body


def _listed(answer: Any) -> list[list[float]]:
    """``data`` in the order of its ``index``."""
    return [entry["embedding"] for entry in sorted(answer["data"], key=lambda entry: int(entry["index"]))]


def _total(answer: JSON) -> Usage:
    usage = answer.get("usage") or {}
    return Usage(tokens=int(usage.get("total_tokens") or 0), pixels=int(usage.get("image_pixels") or 0))


def _cohere_body(sent: Sent) -> JSON:
    texts = [{"type": "text", "text": text} for text in sent.texts]
    pictures = [{"type": "image_url", "image_url": {"url": _data_url(picture)}} for picture in sent.pictures]
    body = {
        "model": sent.model,
        "input_type": "search_query" if sent.query else "search_document",
        "embedding_types": ["float"],
        "inputs": [{"content": [part]} for part in (*texts, *pictures)],
    }
    return _sized(body, "output_dimension", sent.dim)


def _cohere_usage(answer: JSON) -> Usage:
    billed = (answer.get("meta") or {}).get("billed_units") or {}
    tokens = int(billed.get("input_tokens") or 0) + int(billed.get("image_tokens") or 0)
    return Usage(tokens, int(billed.get("images") or 0))


def _voyage_body(sent: Sent) -> JSON:
    body: JSON = {"model": sent.model, "input_type": "query" if sent.query else "document"}
    if "multimodal" in sent.model:
        texts = [{"type": "text", "text": text} for text in sent.texts]
        pictures = [{"type": "image_base64", "image_base64": _data_url(picture)} for picture in sent.pictures]
        body["inputs"] = [{"content": [part]} for part in (*texts, *pictures)]
    else:
        body["input"] = list(sent.texts)
    return _sized(body, "output_dimension", sent.dim)


def _jina_body(sent: Sent) -> JSON:
    """CLIP models know a task for questions alone; the first has none."""
    several = "clip" in sent.model or sent.model == "jina-embeddings-v4"
    body: JSON = {"model": sent.model, "normalized": True, "embedding_type": "float"}
    if "clip" not in sent.model:
        body["task"] = "retrieval.query" if sent.query else "retrieval.passage"
    elif sent.query and sent.model != "jina-clip-v1":
        body["task"] = "retrieval.query"
    texts = [{"text": text} if several else text for text in sent.texts]
    body["input"] = [*texts, *({"image": _base64(picture)} for picture in sent.pictures)]
    return _sized(body, "dimensions", sent.dim)


def _vertex_body(sent: Sent) -> JSON:
    pictures = [{"image": {"bytesBase64Encoded": _base64(p), "mimeType": "image/jpeg"}} for p in sent.pictures]
    body: JSON = {"instances": [*({"text": text} for text in sent.texts), *pictures]}
    return body | {"parameters": {"dimension": sent.dim}} if sent.dim else body


def _vertex_rows(answer: Any) -> list[list[float]]:
    return [found.get("textEmbedding") or found["imageEmbedding"] for found in answer["predictions"]]


def _openai_body(sent: Sent) -> JSON:
    body = {"model": sent.model, "input": list(sent.texts), "encoding_format": "float"}
    return _sized(body, "dimensions", sent.dim)


SERVICES = {
    service.name: service
    for service in (
        Service(
            "cohere", "https://api.cohere.com", "COHERE_API_KEY", lambda sent: "/v2/embed", _cohere_body,
            lambda answer: list(answer["embeddings"]["float"]), _cohere_usage, {"embed-v4.0": 1536}, 96, 16,
        ),
        Service(
            "voyage", "https://api.voyageai.com", "VOYAGE_API_KEY",
            lambda sent: f"/v1/{'multimodalembeddings' if 'multimodal' in sent.model else 'embeddings'}", _voyage_body,
            _listed, _total, {"voyage-multimodal-3": 1024, "voyage-multimodal-3.5": 1024}, 128, 32,
        ),
        Service(
            "jina", "https://api.jina.ai", "JINA_API_KEY", lambda sent: "/v1/embeddings", _jina_body, _listed, _total,
            {"jina-clip-v1": 768, "jina-clip-v2": 1024, "jina-embeddings-v4": 2048}, 128, 16,
        ),
        Service(  # reads 32 tokens of text, one text or picture a request
            "vertex", "https://LOCATION-aiplatform.googleapis.com/v1/projects/PROJECT/locations/LOCATION",
            "VERTEX_ACCESS_TOKEN", lambda sent: f"/publishers/google/models/{sent.model}:predict", _vertex_body,
            _vertex_rows, lambda answer: Usage(), {"multimodalembedding@001": 1408}, 1, 1, words=20,
        ),
        Service(
            "openai", "https://api.openai.com/v1", "OPENAI_API_KEY", lambda sent: "/embeddings", _openai_body, _listed,
            _total, {"text-embedding-3-small": 1536, "text-embedding-3-large": 3072}, 128, 0,
        ),
    )
}  # fmt: skip
