"""Which encoder: from what was asked for to what there is.

``auto`` takes for words the sentence encoders that installed packages ship. For pictures, and for words where there is
no such package, it takes the default model if it is on disk, else asks the hub once, else what needs no model.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from rag.encoders.hub import NAME, OPENCLIP, TRANSFORMERS, Hub, Layout
from rag.encoders.packaged.models import MODELS, PackagedModel
from rag.encoders.parts import PICTURE_DEFAULT, WORDS_DEFAULT
from rag.encoders.spec import API_PREFIX, PLAIN, Options, Spec, parse
from rag.errors import BadSettings, EncoderUnavailable

AUTO = "auto"
OPENCLIP_PREFIX = "openclip:"


@dataclass(frozen=True, slots=True)
class Role:
    """What one part of the space may be. ``plain`` needs no download; ``words`` are the specs that are no model."""

    part: str
    variable: str
    default: str
    plain: str
    words: tuple[str, ...]


PICTURE = Role("picture", "PAGESIGHT_ENCODER", PICTURE_DEFAULT, "builtin", ("builtin",))
TOGETHER = "+".join(MODELS)
WORDS = Role("words", "PAGESIGHT_WORDS", WORDS_DEFAULT, "static", ("static", "off", *MODELS, TOGETHER))


@dataclass(frozen=True, slots=True)
class Choice:
    """A resolved part. ``spec`` opens it again; ``folder`` holds a model's files; ``auto``: not asked for by name."""

    role: Role
    spec: Spec
    folder: Path | None
    reason: str
    auto: bool = False
    layout: Layout = TRANSFORMERS
    hosted: bool = False

    def plain(self, why: str) -> Choice:
        """The same part without a model."""
        return _plain(self.role, why)


class Ask(NamedTuple):
    """What is asked for a part: its spec, and the options where the spec names none."""

    spec: str
    options: Options = PLAIN
    why: str = "as asked for"


def resolve(picture: Ask, words: Ask, hub: Hub) -> tuple[Choice, Choice]:
    """Choices for the picture part and the words part.

    Raises :class:`BadSettings` for a spec that means nothing, :class:`EncoderUnavailable` for a named model that cannot
    be had. Without a network it returns within the hub's one connect timeout.
    """
    picture_spec = parse(picture.spec, PICTURE.variable, picture.options)
    words_spec = parse(words.spec, WORDS.variable, words.options)
    local_picture = _local(PICTURE, picture_spec, hub, picture.why)
    local_words = _local(WORDS, words_spec, hub, words.why)
    attempt = _Attempt(hub)
    return local_picture or attempt.choose(PICTURE, picture_spec), local_words or attempt.choose(WORDS, words_spec)


def _local(role: Role, spec: Spec, hub: Hub, why: str) -> Choice | None:
    """The choice that needs no network, or None."""
    name, layout = _layout(role, spec.model)
    if name in role.words:
        bare = Spec(
            name, Options(dim=spec.options.dim, align=spec.options.align)
        )  # no model: no precision and no prefix
        return Choice(role, bare, None, f"{role.part}: {bare}, {why}")
    if name.startswith(API_PREFIX):
        sent = replace(spec, options=replace(spec.options, precision=PLAIN.precision))
        return Choice(role, sent, None, f"{role.part}: {sent}, sent to that service, {why}", hosted=True)
    if name == AUTO and role is WORDS and (packaged := _packaged()):
        return packaged
    if name == AUTO:
        if find_spec("torch") is None or find_spec("transformers") is None:
            return _plain(role, "torch and transformers are not installed")
        found = hub.cached(role.default)
        chosen = replace(spec, model=role.default)
        return Choice(role, chosen, found, f"{role.part}: {chosen}, found on disk", True) if found else None
    if _is_folder(name):
        return _in_folder(role, spec, name, layout, why)
    if not NAME.fullmatch(name):
        raise BadSettings(
            f"{role.variable} is {str(spec)!r}; it can be auto, {', '.join(role.words)}, "
            f"a model's name such as {role.default}, or a folder"
        )
    if name in (*PICTURE.words, *WORDS.words):
        raise BadSettings(f"{role.variable} is {name!r}, which is no {role.part} encoder; use {role.plain} or auto")
    folder = hub.cached(name, layout)
    return Choice(role, spec, folder, f"{role.part}: {spec}, {why}", layout=layout) if folder else None


def _packaged() -> Choice | None:
    """The sentence encoders that installed packages ship, side by side; None where there are none."""
    found = [model for model in MODELS.values() if model.installed]
    if not found:
        return None
    name = "+".join(model.name for model in found)
    reason = f"words: {name}, shipped by {_packages(found)}"
    if missing := [model for model in MODELS.values() if model not in found]:
        reason += f"; without {'+'.join(model.name for model in missing)}, for {_packages(missing)} is not installed"
    return Choice(WORDS, Spec(name), None, reason, auto=True)


def _packages(models: Iterable[PackagedModel]) -> str:
    return " and ".join(model.package for model in models)


def _in_folder(role: Role, spec: Spec, name: str, layout: Layout, why: str) -> Choice:
    folder = Path(name).expanduser().resolve()
    if not (folder / layout.config).is_file():
        other = (
            f"; for its {OPENCLIP.config} write {OPENCLIP_PREFIX}{name}" if (folder / OPENCLIP.config).is_file() else ""
        )
        raise EncoderUnavailable(
            f"{role.variable} is {str(spec)!r}: {folder} is not a model folder (it has no {layout.config}{other}). "
            f"Give a folder downloaded from the model hub, a model's name such as {role.default}, or {role.plain}"
        )
    whole = replace(spec, model=f"{OPENCLIP_PREFIX if layout is OPENCLIP else ''}{folder}")
    return Choice(role, whole, folder, f"{role.part}: {whole}, {why}", layout=layout)


def _layout(role: Role, model: str) -> tuple[str, Layout]:
    """The hub name or folder without its prefix, and how its folder is laid out."""
    if role is PICTURE and model.startswith(OPENCLIP_PREFIX):
        return model.removeprefix(OPENCLIP_PREFIX), OPENCLIP
    return model, TRANSFORMERS


class _Attempt:
    """The one attempt to use the hub: once it has failed it is not asked again."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._trouble = ""

    def choose(self, role: Role, spec: Spec) -> Choice:
        auto = spec.model == AUTO
        spec = replace(spec, model=role.default) if auto else spec
        name, layout = _layout(role, spec.model)
        folder = self._fetch(name, layout)
        if folder:
            return Choice(role, spec, folder, f"{role.part}: {spec}, fetched from the model hub", auto, layout)
        if auto:
            return _plain(role, f"{name} is not on disk and {self._trouble}")
        raise EncoderUnavailable(
            f"{role.variable} is {str(spec)!r}: that model is not on disk and cannot be fetched: {self._trouble}. "
            f"Connect once to download it, set HF_ENDPOINT to a mirror, give the path of its folder, or use "
            f"{role.variable}={role.plain}"
        )

    def _fetch(self, name: str, layout: Layout) -> Path | None:
        self._trouble = self._trouble or self._hub.unreachable(name, layout)
        if self._trouble:
            return None
        try:
            return self._hub.fetch(name, layout)
        except EncoderUnavailable as exc:
            self._trouble = str(exc)
            return None


def _plain(role: Role, why: str) -> Choice:
    if role is WORDS and not any(model.installed for model in MODELS.values()):
        why += f"; {_packages(MODELS.values())}, which ship a words encoder, are not installed"
    return Choice(role, Spec(role.plain), None, f"{role.part}: {role.plain}, because {why}", auto=True)


def _is_folder(spec: str) -> bool:
    return spec.startswith((".", "/", "~", "\\")) or Path(spec).is_absolute() or Path(spec).is_dir()
