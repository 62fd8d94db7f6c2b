"""Model folders on disk and on the model hub: the one importer of huggingface_hub."""

from __future__ import annotations

import os
import re
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import NamedTuple

from rag.errors import EncoderUnavailable

NAME = re.compile(r"[A-Za-z0-9][\w.-]*(/[\w.-]+)?")
CONNECT_SECONDS = 3.0
"""Longest wait for the hub's first answer, name look-up included."""
DEFAULT_ENDPOINT = "https://huggingface.co"
TRUE = ("1", "ON", "YES", "TRUE")

SMALL_FILES = ("*.json", "*.txt", "*.model")
UNWANTED = ("onnx/*", "openvino/*", "coreml/*", "flax*", "tf*")


class Layout(NamedTuple):
    """How a model folder is laid out: its settings file, and its weights, the safe format before the old one."""

    config: str
    safe: tuple[str, ...]
    old: tuple[str, ...]

    @property
    def weights(self) -> tuple[str, ...]:
        """Patterns of weight files, safe formats first."""
        return (*self.safe, *self.old)

    def weight_files(self, folder: Path) -> list[Path]:
        """The files to load, sorted, of the first pattern that matches; empty if there are none."""
        return next((files for pattern in self.weights if (files := sorted(folder.glob(pattern)))), [])


TRANSFORMERS = Layout(
    "config.json", ("model.safetensors", "model-*.safetensors"), ("pytorch_model.bin", "pytorch_model-*.bin")
)
"""In the order transformers prefers them."""
OPENCLIP = Layout("open_clip_config.json", ("open_clip_model.safetensors",), ("open_clip_pytorch_model.bin",))


@dataclass(frozen=True, slots=True)
class Hub:
    """Where models come from. ``cache`` is the hub's cache folder; ``offline`` forbids asking the network."""

    endpoint: str = DEFAULT_ENDPOINT
    cache: Path = Path("~/.cache/huggingface/hub")
    offline: bool = False

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Hub:
        """HF_ENDPOINT, HF_HUB_CACHE, HF_HOME, XDG_CACHE_HOME and HF_HUB_OFFLINE, as huggingface_hub reads them."""
        env = os.environ if environ is None else environ
        home = env.get("HF_HOME") or str(Path(env.get("XDG_CACHE_HOME") or "~/.cache") / "huggingface")
        cache = env.get("HF_HUB_CACHE") or env.get("HUGGINGFACE_HUB_CACHE") or str(Path(home) / "hub")
        offline = (env.get("HF_HUB_OFFLINE") or env.get("TRANSFORMERS_OFFLINE") or "").upper() in TRUE
        endpoint = (env.get("HF_ENDPOINT") or DEFAULT_ENDPOINT).rstrip("/")
        return cls(endpoint, Path(os.path.expandvars(cache)).expanduser(), offline)

    def cached(self, name: str, layout: Layout = TRANSFORMERS) -> Path | None:
        """The folder of a model whose settings and weights are on disk, without asking the network."""
        if not (self.cache / f"models--{name.replace('/', '--')}").is_dir():
            return None
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import LocalEntryNotFoundError

        try:
            folder = Path(snapshot_download(name, cache_dir=self.cache, local_files_only=True))
        except (LocalEntryNotFoundError, OSError):
            return None
        return folder if (folder / layout.config).is_file() and layout.weight_files(folder) else None

    def unreachable(self, name: str, layout: Layout = TRANSFORMERS) -> str:
        """Why the hub cannot be asked for a model, or "" if it answers. Returns within CONNECT_SECONDS.

        The request runs in a thread of its own: neither a name look-up nor a server that drips bytes obeys a timeout.
        """
        if self.offline:
            return "HF_HUB_OFFLINE is set"
        answers: list[str] = []
        asking = threading.Thread(target=lambda: answers.append(self._ask(name, layout.config)), daemon=True)
        asking.start()
        asking.join(CONNECT_SECONDS)
        return answers[0] if answers else f"{self.endpoint} did not answer within {CONNECT_SECONDS:g} s"

    def _ask(self, name: str, config: str) -> str:
        request = urllib.request.Request(f"{self.endpoint}/{name}/resolve/main/{config}", method="HEAD")  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=CONNECT_SECONDS):  # noqa: S310  an address that the user set
                return ""
        except urllib.error.HTTPError as exc:
            # A refusal of this file (401, 403, 404) may be for want of the token that the download sends.
            return "" if exc.code < 500 and exc.code != 407 else f"{self.endpoint} answers {exc.code} {exc.reason}"
        except TimeoutError:
            return f"{self.endpoint} did not answer within {CONNECT_SECONDS:g} s"
        except (urllib.error.URLError, OSError, HTTPException, ValueError) as exc:
            return f"{self.endpoint} cannot be reached ({getattr(exc, 'reason', exc)})"

    def fetch(self, name: str, layout: Layout = TRANSFORMERS) -> Path:
        """Download a model's settings, tokenizer and weights, with the hub's own progress bars.

        Raises :class:`EncoderUnavailable` with the reason alone; call after :meth:`unreachable`.
        """
        try:
            folder = self._snapshot(name, (*SMALL_FILES, *layout.safe))
            if not layout.weight_files(folder):
                folder = self._snapshot(name, (*SMALL_FILES, *layout.old))
        except (OSError, ValueError) as exc:
            # huggingface_hub's and httpx's errors are OSErrors or ValueErrors (2.4); the first line says what happened.
            raise EncoderUnavailable(str(exc).strip().split("\n")[0] or type(exc).__name__) from exc
        if not layout.weight_files(folder):
            raise EncoderUnavailable(f"{self.endpoint}/{name} holds none of {', '.join(layout.weights)}")
        return folder

    def _snapshot(self, name: str, patterns: tuple[str, ...]) -> Path:
        from huggingface_hub import snapshot_download

        return Path(
            snapshot_download(
                name,
                cache_dir=self.cache,
                endpoint=self.endpoint,
                etag_timeout=CONNECT_SECONDS,
                allow_patterns=list(patterns),
                ignore_patterns=list(UNWANTED),
            )
        )
