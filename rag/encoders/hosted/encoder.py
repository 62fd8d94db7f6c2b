"""Both parts of the space from a hosted model: texts and pictures are sent to a service over HTTP.

Nothing is sent that was not asked for by name: ``auto`` never comes here, and an index does only if it was built so.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence

import numpy as np
from PIL import Image

from rag.encoders.hosted.client import BATCH, QUERY, Wire
from rag.encoders.hosted.services import SERVICES, Sent, Service, Usage, jpeg
from rag.encoders.images import flat_rgb
from rag.encoders.parts import Runtime, TextWindow, digest, unit
from rag.encoders.spec import API_PREFIX, Spec
from rag.encoders.text_windows import word_window
from rag.errors import BadSettings, EncoderUnavailable
from rag.types import Float32Array


class Hosted:
    """A words part or a picture part. Texts are cut to passages of ``service.words`` as for any encoder."""

    def __init__(self, spec: Spec, service: Service, model: str, wire: Wire) -> None:
        self.spec = str(spec)
        self._service, self._model, self._wire, self._asked_dim = service, model, wire, spec.options.dim
        self._mutex = threading.Lock()
        self._requests, self._used = 0, Usage()
        self.window: TextWindow | None = word_window(service.words)
        self.text_window: int | None = service.words
        self._prefixes = (spec.options.passage, spec.options.query)
        self.dim = spec.options.dim or service.models.get(model) or self._asked(["a"])
        self.identity = digest("hosted-1", service.name, model, self.dim, service.words, *self._prefixes)

    @property
    def spent(self) -> str:
        """What was sent so far, for people."""
        if not self._requests:
            return ""
        counts = {
            "requests": self._requests,
            "tokens": self._used.tokens,
            "pictures": self._used.pictures,
            "pixels": self._used.pixels,
        }
        return f"{self._wire.name}: {', '.join(f'{count:,} {name}' for name, count in counts.items() if count)}"

    def embed_texts(self, texts: Sequence[str], query: bool = False) -> Float32Array:
        """(n, dim) float32 unit rows. Raises :class:`~rag.errors.EncoderFailed`."""
        prefix = self._prefixes[query]
        texts = [f"{prefix} {text}" for text in texts] if prefix else texts
        rows = np.zeros((len(texts), self.dim), dtype=np.float32)
        for start in range(0, len(texts), self._service.texts):
            part = texts[start : start + self._service.texts]
            rows[start : start + len(part)] = self._rows(Sent(self._model, self._asked_dim, part, query=query), query)
        return rows

    def embed_images(self, images: Sequence[Image.Image], query: bool = False) -> Float32Array:
        """(n, dim) float32 unit rows. Raises :class:`~rag.errors.EncoderFailed`."""
        rows = np.zeros((len(images), self.dim), dtype=np.float32)
        for start in range(0, len(images), self._service.pictures):
            part = [jpeg(flat_rgb(image)) for image in images[start : start + self._service.pictures]]
            rows[start : start + len(part)] = self._rows(Sent(self._model, self._asked_dim, pictures=part), query)
        return rows

    def _rows(self, sent: Sent, hurry: bool) -> Float32Array:
        found = self._post(sent, hurry)
        if found.shape[1] != self.dim:
            raise self._wire.failed(f"it answers with {found.shape[1]} numbers a vector where {self.dim} were expected")
        return unit(found)

    def _asked(self, texts: list[str]) -> int:
        return int(self._post(Sent(self._model, 0, texts), hurry=True).shape[1])

    def _post(self, sent: Sent, hurry: bool) -> Float32Array:
        """(n, d), checked: as many rows as were asked for, all numbers finite. ``hurry``: somebody waits for them."""
        patience = QUERY if hurry else BATCH
        answer = self._wire.post(self._service.path(sent), self._service.body(sent), patience)
        try:
            found = np.array(self._service.rows(answer), dtype=np.float32)
            used = self._service.usage(answer)
        except (KeyError, TypeError, ValueError, AttributeError) as exc:
            raise self._wire.failed(f"its answer has another form than documented ({exc!r})") from exc
        wanted = len(sent.texts) + len(sent.pictures)
        if found.ndim != 2 or len(found) != wanted or not np.isfinite(found).all():
            raise self._wire.failed(f"it answers with {len(found)} vectors for {wanted} texts or pictures")
        with self._mutex:
            self._requests += 1
            pictures = used.pictures or len(sent.pictures)
            before = self._used
            self._used = Usage(before.tokens + used.tokens, before.pictures + pictures, before.pixels + used.pixels)
        return found


def open_hosted(spec: Spec, pictures: bool, runtime: Runtime, environ: Mapping[str, str] | None = None) -> Hosted:
    """``spec.model`` is ``api:SERVICE/MODEL``. Raises :class:`BadSettings`, :class:`EncoderUnavailable`."""
    env = os.environ if environ is None else environ
    name, _, model = spec.model.removeprefix(API_PREFIX).partition("/")
    service = SERVICES.get(name)
    if service is None or not model:
        known = ", ".join(f"{API_PREFIX}{known.name}/{next(iter(known.models))}" for known in SERVICES.values())
        variable = "PAGESIGHT_ENCODER" if pictures else "PAGESIGHT_WORDS"
        raise BadSettings(f"{variable} is {str(spec)!r}; hosted encoders are {known}")
    if pictures and not service.pictures:
        raise BadSettings(
            f"PAGESIGHT_ENCODER is {str(spec)!r}, but {name} embeds no pictures; it can be PAGESIGHT_WORDS"
        )
    address, own = _address(service, env)
    key = env.get(service.key, "").strip()
    if not key and own:
        raise EncoderUnavailable(f"The encoder {str(spec)!r} needs a key of {name}: set {service.key}")
    return Hosted(spec, service, model, Wire(f"{name}/{model}", address, key, runtime.rate))


def _address(service: Service, env: Mapping[str, str]) -> tuple[str, bool]:
    """Where requests go: ``NAME_BASE_URL``, else the service's own, and whether it is that: there a key is needed."""
    given = env.get(service.url_variable, "").strip()
    if given:
        if not given.startswith(("http://", "https://")):
            raise BadSettings(f"{service.url_variable} is {given!r}; it must start with http:// or https://")
        return given, False
    if "PROJECT" not in service.url:
        return service.url, True
    project = env.get("VERTEX_PROJECT") or env.get("GOOGLE_CLOUD_PROJECT") or ""
    if not project:
        raise EncoderUnavailable(f"The encoder {API_PREFIX}{service.name} needs the project's name: set VERTEX_PROJECT")
    place = env.get("VERTEX_LOCATION") or "us-central1"
    return service.url.replace("PROJECT", project).replace("LOCATION", place), True
