"""Encoders: text and pictures to vectors of one shared space.

Enters: settings. Leaves: an :class:`Encoder`. Must not know: chunks, stores, questions.
torch and transformers are imported only when a model that needs them is opened.
"""

from __future__ import annotations

from rag.config import Settings
from rag.encoders.base import Encoder, Part
from rag.encoders.hub import Hub
from rag.encoders.parts import PicturePart, WordsPart
from rag.encoders.resolve import Choice, resolve
from rag.encoders.space import SharedSpace, masked
from rag.errors import BadSettings, EncoderUnavailable

__all__ = ["Encoder", "Part", "masked", "open_encoder"]


def open_encoder(settings: Settings, hub: Hub | None = None) -> Encoder:
    """The encoder that ``settings.encoder`` and ``settings.words`` ask for.

    The encoder's ``picture_spec`` and ``words_spec`` in place of ``auto`` open the same one again, with no search.
    Raises :class:`EncoderUnavailable` for a named model that cannot be had, :class:`BadSettings` for a senseless spec.
    """
    picture_choice, words_choice = resolve(settings.encoder, settings.words, hub or Hub.from_environment())
    picture, picture_reason = _open_picture(picture_choice, settings)
    words, words_reason = _open_words(words_choice, settings)
    if words is None and picture.tower is None:
        raise BadSettings(
            "PAGESIGHT_WORDS is 'off' and the picture encoder is 'builtin': nothing would read text. "
            "Use PAGESIGHT_WORDS=static, or a picture encoder that reads text"
        )
    return SharedSpace(words, picture, f"{picture_reason}\n{words_reason}")


def _open_picture(choice: Choice, settings: Settings) -> tuple[PicturePart, str]:
    if choice.folder is None:
        from rag.encoders.builtin import VisualDescriptor

        return VisualDescriptor(), choice.reason
    try:
        from rag.encoders.dual import DualEncoder

        part = DualEncoder(choice.spec, choice.folder, settings.device, settings.threads, settings.batch)
    except (EncoderUnavailable, ImportError) as exc:
        return _open_picture(_instead(choice, exc), settings)
    return part, choice.reason


def _open_words(choice: Choice, settings: Settings) -> tuple[WordsPart | None, str]:
    if choice.spec == "off":
        return None, choice.reason
    if choice.folder is None:
        from rag.encoders.static import StaticWords

        return StaticWords(), choice.reason
    try:
        from rag.encoders.sentence import SentenceWords

        part = SentenceWords(choice.spec, choice.folder, settings.device, settings.threads, settings.batch)
    except (EncoderUnavailable, ImportError) as exc:
        return _open_words(_instead(choice, exc), settings)
    return part, choice.reason


def _instead(choice: Choice, exc: Exception) -> Choice:
    """What ``auto`` takes when the model on disk cannot be opened; a named model's failure stays an error."""
    if choice.auto:
        return choice.plain(str(exc))
    if isinstance(exc, EncoderUnavailable):
        raise exc
    raise EncoderUnavailable(
        f"The encoder model {choice.spec!r} needs torch and transformers ({exc}). Install them: "
        f"pip install torch transformers; or use {choice.role.variable}={choice.role.plain}"
    ) from exc
