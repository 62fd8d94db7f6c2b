"""Encoders opened by their specs: for each part of the shared space a model or what needs none.

| part | spec | opened by |
|---|---|---|
| picture | ``builtin`` | :class:`rag.encoders.builtin.VisualDescriptor` |
| picture | a CLIP-like model, by hub name or folder | :mod:`rag.encoders.local.clip` |
| picture | ``openclip:`` and a hub name or folder | :mod:`rag.encoders.local.openclip` |
| words | ``static`` | :class:`rag.encoders.static.StaticWords` |
| words | ``e5``, ``minilm``, ``e5+minilm`` | :mod:`rag.encoders.packaged.sentence` |
| words | a sentence encoder, by hub name or folder | :mod:`rag.encoders.local.sentence` |
| words | ``off`` | nothing: the picture part reads texts |
| both | ``api:`` and a service | :mod:`rag.encoders.hosted.encoder` |

Each of these is imported when it is opened: torch and transformers take seconds, and most commands need neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.config import Settings
from rag.encoders.base import Encoder, Recorded
from rag.encoders.hub import OPENCLIP, Hub
from rag.encoders.parts import PicturePart, Runtime, WordsPart
from rag.encoders.resolve import AUTO, WORDS, Ask, Choice, resolve
from rag.encoders.shorten import as_asked_picture, as_asked_words
from rag.encoders.space import SharedSpace
from rag.encoders.spec import Options
from rag.errors import BadSettings, EncoderUnavailable

if TYPE_CHECKING:
    from rag.encoders.local.cross_encoder import CrossEncoder


def open_encoder(settings: Settings, hub: Hub | None = None, recorded: Recorded | None = None) -> Encoder:
    """The encoder that ``settings.encoder`` and ``settings.words`` ask for.

    A part that the settings leave to ``auto`` is opened as ``recorded`` by an index, options and all, with no search.
    Raises :class:`EncoderUnavailable` for a named model that cannot be had, :class:`BadSettings` for a senseless spec.
    """
    picture_ask, words_ask = _asked(settings, recorded)
    picture_choice, words_choice = resolve(picture_ask, words_ask, hub or Hub.from_environment())
    runtime = Runtime(settings.device, settings.threads, settings.batch, settings.api_rate)
    picture, picture_reason = _open_picture(picture_choice, runtime)
    words, words_reason = _open_words(words_choice, runtime)
    if words is None and picture.window is None:
        raise BadSettings(
            "PAGESIGHT_WORDS is 'off' and the picture encoder is 'builtin': nothing would read text. "
            "Use PAGESIGHT_WORDS=static, or a picture encoder that reads text"
        )
    return SharedSpace(words, picture, f"{picture_reason}\n{words_reason}")


def open_cross_encoder(spec: str, settings: Settings, hub: Hub | None = None) -> CrossEncoder:
    """A reranker by hub name or folder. Raises :class:`EncoderUnavailable`, :class:`BadSettings`."""
    try:
        from rag.encoders.local.cross_encoder import CrossEncoder
    except ImportError as exc:
        raise EncoderUnavailable(
            f"The reranker {spec!r} needs torch and transformers ({exc}). Install them: "
            "pip install torch transformers; or use PAGESIGHT_RERANK=off"
        ) from exc
    runtime = Runtime(settings.device, settings.threads, settings.batch)
    return CrossEncoder(spec, runtime, hub or Hub.from_environment())


def _asked(settings: Settings, recorded: Recorded | None) -> tuple[Ask, Ask]:
    picture = Ask(settings.encoder, Options(settings.precision, settings.picture_dim))
    words = Ask(
        settings.words,
        Options(settings.precision, settings.words_dim, settings.query_prefix, settings.passage_prefix),
    )
    if recorded:
        built = "with which the index was built"
        picture = Ask(recorded.picture, why=built) if settings.encoder == AUTO else picture
        words = Ask(recorded.words, why=built) if settings.words == AUTO else words
    return picture, words


def _open_picture(choice: Choice, runtime: Runtime) -> tuple[PicturePart, str]:
    if choice.hosted:
        from rag.encoders.hosted.encoder import open_hosted

        return as_asked_picture(open_hosted(choice.spec, True, runtime), choice.spec, cut=False), choice.reason
    if choice.folder is None:
        from rag.encoders.builtin import VisualDescriptor

        return as_asked_picture(VisualDescriptor(), choice.spec), choice.reason
    try:
        if choice.layout is OPENCLIP:
            from rag.encoders.local.openclip import open_openclip as opened
        else:
            from rag.encoders.local.clip import open_dual as opened
        part = opened(choice.spec, choice.folder, runtime)
    except (EncoderUnavailable, ImportError) as exc:
        return _open_picture(_instead(choice, exc), runtime)
    return as_asked_picture(part, choice.spec), choice.reason


def _open_words(choice: Choice, runtime: Runtime) -> tuple[WordsPart | None, str]:
    if choice.spec.model == "off":
        return None, choice.reason
    if choice.hosted:
        from rag.encoders.hosted.encoder import open_hosted

        return as_asked_words(open_hosted(choice.spec, False, runtime), choice.spec, cut=False), choice.reason
    if choice.folder is None:
        try:
            return as_asked_words(_plain_words(choice.spec.model, runtime), choice.spec), choice.reason
        except EncoderUnavailable as exc:
            if choice.auto and choice.spec.model != choice.role.plain:
                return _open_words(choice.plain(str(exc)), runtime)
            raise
    try:
        from rag.encoders.local.sentence import SentenceWords

        part = SentenceWords(choice.spec, choice.folder, runtime)
    except (EncoderUnavailable, ImportError) as exc:
        return _open_words(_instead(choice, exc), runtime)
    return as_asked_words(part, choice.spec), choice.reason


def _plain_words(name: str, runtime: Runtime) -> WordsPart:
    """The words part that needs no model folder. Raises :class:`EncoderUnavailable`."""
    if name == WORDS.plain:
        from rag.encoders.static import StaticWords

        return StaticWords()
    from rag.encoders.packaged.models import MODELS
    from rag.encoders.packaged.sentence import PackagedWords
    from rag.encoders.packaged.together import WordsTogether

    parts = [PackagedWords(MODELS[part], runtime) for part in name.split("+")]
    return parts[0] if len(parts) == 1 else WordsTogether(parts)


def _instead(choice: Choice, exc: Exception) -> Choice:
    """What ``auto`` takes when the model on disk cannot be opened; a named model's failure stays an error."""
    if choice.auto:
        return choice.plain(str(exc))
    if isinstance(exc, EncoderUnavailable):
        raise exc
    raise EncoderUnavailable(
        f"The encoder model {str(choice.spec)!r} needs torch and transformers ({exc}). Install them: "
        f"pip install torch transformers; or use {choice.role.variable}={choice.role.plain}"
    ) from exc
