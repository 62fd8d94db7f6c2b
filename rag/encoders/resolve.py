"""Which encoder: from what was asked for to what there is.

Enters: the specs of both parts. Leaves: for each part a resolved spec, its folder and the reason. Must not know: how a
model is run.

``auto`` takes the default model if it is on disk, else asks the hub once for both parts, else what needs no download.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from rag.encoders.hub import NAME, Hub
from rag.encoders.parts import PICTURE_DEFAULT, WORDS_DEFAULT
from rag.errors import BadSettings, EncoderUnavailable

AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Role:
    """What one part of the space may be. ``plain`` needs no download; ``words`` are the specs that are no model."""

    part: str
    variable: str
    default: str
    plain: str
    words: tuple[str, ...]


PICTURE = Role("picture", "PAGESIGHT_ENCODER", PICTURE_DEFAULT, "builtin", ("builtin",))
WORDS = Role("words", "PAGESIGHT_WORDS", WORDS_DEFAULT, "static", ("static", "off"))


@dataclass(frozen=True, slots=True)
class Choice:
    """A resolved part. ``spec`` opens it again; ``folder`` holds a model's files; ``auto``: not asked for by name."""

    role: Role
    spec: str
    folder: Path | None
    reason: str
    auto: bool = False

    def plain(self, why: str) -> Choice:
        """The same part without a model."""
        return _plain(self.role, why)


def resolve(picture: str, words: str, hub: Hub) -> tuple[Choice, Choice]:
    """Choices for the picture part and the words part.

    Raises :class:`BadSettings` for a spec that means nothing, :class:`EncoderUnavailable` for a named model that cannot
    be had. Without a network it returns within the hub's one connect timeout.
    """
    local_picture, local_words = _local(PICTURE, picture, hub), _local(WORDS, words, hub)
    attempt = _Attempt(hub)
    return local_picture or attempt.choose(PICTURE, picture), local_words or attempt.choose(WORDS, words)


def _local(role: Role, spec: str, hub: Hub) -> Choice | None:
    """The choice that needs no network, or None."""
    if spec in role.words:
        return Choice(role, spec, None, f"{role.part}: {spec}, as asked for")
    if spec == AUTO:
        if find_spec("torch") is None or find_spec("transformers") is None:
            return _plain(role, "torch and transformers are not installed")
        found = hub.cached(role.default)
        return Choice(role, role.default, found, f"{role.part}: {role.default}, found on disk", True) if found else None
    if _is_folder(spec):
        folder = Path(spec).expanduser().resolve()
        if not (folder / "config.json").is_file():
            raise EncoderUnavailable(
                f"{role.variable} is {spec!r}: {folder} is not a model folder (it has no config.json). "
                f"Give a folder downloaded from the model hub, a model's name such as {role.default}, or {role.plain}"
            )
        return Choice(role, str(folder), folder, f"{role.part}: {folder}, as asked for")
    if not NAME.fullmatch(spec):
        raise BadSettings(
            f"{role.variable} is {spec!r}; it can be auto, {', '.join(role.words)}, "
            f"a model's name such as {role.default}, or a folder"
        )
    if spec in (*PICTURE.words, *WORDS.words):
        raise BadSettings(f"{role.variable} is {spec!r}, which is no {role.part} encoder; use {role.plain} or auto")
    folder_of_name = hub.cached(spec)
    return Choice(role, spec, folder_of_name, f"{role.part}: {spec}, as asked for") if folder_of_name else None


class _Attempt:
    """The one attempt to use the hub: once it has failed it is not asked again."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._trouble = ""

    def choose(self, role: Role, spec: str) -> Choice:
        name = role.default if spec == AUTO else spec
        folder = self._fetch(name)
        if folder:
            return Choice(role, name, folder, f"{role.part}: {name}, fetched from the model hub", spec == AUTO)
        if spec == AUTO:
            return _plain(role, f"{name} is not on disk and {self._trouble}")
        raise EncoderUnavailable(
            f"{role.variable} is {spec!r}: that model is not on disk and cannot be fetched: {self._trouble}. Connect "
            f"once to download it, set HF_ENDPOINT to a mirror, give the path of its folder, or use "
            f"{role.variable}={role.plain}"
        )

    def _fetch(self, name: str) -> Path | None:
        self._trouble = self._trouble or self._hub.unreachable(name)
        if self._trouble:
            return None
        try:
            return self._hub.fetch(name)
        except EncoderUnavailable as exc:
            self._trouble = str(exc)
            return None


def _plain(role: Role, why: str) -> Choice:
    return Choice(role, role.plain, None, f"{role.part}: {role.plain}, because {why}", auto=True)


def _is_folder(spec: str) -> bool:
    return spec.startswith((".", "/", "~", "\\")) or Path(spec).is_absolute() or Path(spec).is_dir()
