"""A vision model in this process, through transformers: a folder with weights, or a hub name already downloaded.

Nothing is fetched, and code that a folder brings along is never run.
"""

from __future__ import annotations

import queue
import re
import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from rag.encoders.hub import Hub
from rag.errors import ModelCutShort, ModelError, ModelTimeout, ModelTooLong, ModelUnreachable
from rag.llm.base import Message, PictureLimits, Piece
from rag.llm.images import fitted
from rag.llm.thoughts import apart
from rag.llm.timing import timed

MAX_NEW_TOKENS = 700
"""Longest reply; a reply that reaches it is cut short."""

SECONDS_PER_TOKEN = 120.0
"""Longest wait for the next piece: on a laptop's CPU the first token of a long prompt is slow."""


_WITH_CODE = ("config.json", "processor_config.json", "preprocessor_config.json", "tokenizer_config.json")
_HUB_NAME = re.compile(r"[\w.-]+(?:/[\w.-]+)?")
_OWN_CODE = "it runs only through code that its publisher ships beside the weights, and such code is never run here"


class LocalModel:
    """An image-text-to-text model. Opening it loads nothing; the weights are read at the first question."""

    def __init__(self, source: str, device: str = "cpu", max_new_tokens: int = MAX_NEW_TOKENS) -> None:
        self.name = source
        self._device = device
        self._most = max_new_tokens
        self.picture_limits: PictureLimits | None = None
        self._loaded: tuple[Any, Any] | None = None
        self._lock, self._loading = threading.Lock(), threading.Lock()

    def window(self) -> int | None:
        """Positions that the model was made for, once it is loaded; None where its configuration does not say."""
        if self._loaded is None:
            return None
        config = self._loaded[1].config
        places = getattr(getattr(config, "text_config", config), "max_position_embeddings", None)
        return places if isinstance(places, int) else None

    def sees_pictures(self) -> bool:
        """Whether the model's processor takes pictures. Raises :class:`ModelUnreachable` where it cannot be loaded."""
        processor, _ = self._load()
        return getattr(processor, "image_processor", None) is not None

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """Pieces of the answer, one reply at a time. Closing the iterator stops the model at its next token."""
        with closing(self.reply(messages)) as pieces:
            yield from (piece for piece in pieces if isinstance(piece, str))

    def reply(self, messages: Sequence[Message]) -> Generator[Piece]:
        """As :meth:`stream`, with what the model thinks."""
        return timed(self.name, messages, self._reply(messages))

    def _reply(self, messages: Sequence[Message]) -> Generator[Piece]:
        shown = False
        with closing(self._written(messages)) as pieces:
            for piece in apart(pieces):
                shown = shown or (isinstance(piece, str) and bool(piece.strip()))
                yield piece
        if not shown:
            raise ModelCutShort(f"{self.name} wrote no answer, only its thoughts or blanks; choose another model")

    def _written(self, messages: Sequence[Message]) -> Generator[str]:
        from transformers import StoppingCriteriaList, TextIteratorStreamer

        processor, model = self._load()
        streamer = TextIteratorStreamer(
            processor.tokenizer, skip_prompt=True, skip_special_tokens=True, timeout=SECONDS_PER_TOKEN
        )
        stop, failure, lengths = threading.Event(), list[Exception](), list[int]()

        def generate() -> None:
            try:
                inputs = _inputs(processor, messages).to(self._device)
                output = model.generate(
                    **inputs,
                    streamer=streamer,
                    max_new_tokens=self._most,
                    do_sample=False,
                    stopping_criteria=StoppingCriteriaList([lambda ids, scores, **_: _stopped(ids, stop)]),
                )
                lengths.append(output.shape[1] - inputs["input_ids"].shape[1])
            except Exception as exc:  # raised again in the reader's thread, whatever it is
                failure.append(exc)
                streamer.end()

        with self._lock:
            worker = threading.Thread(target=generate, daemon=True, name="local-model")
            worker.start()
            try:
                yield from (piece for piece in streamer if piece)
            except queue.Empty as exc:
                raise ModelTimeout(
                    f"The local model {self.name} wrote nothing for {SECONDS_PER_TOKEN:g} s; take a smaller model"
                ) from exc
            finally:
                stop.set()
                worker.join()
        if failure:
            raise ModelError(f"The local model {self.name} failed: {failure[0]}") from failure[0]
        if lengths and lengths[0] >= self._most:
            raise ModelTooLong(f"{self.name} reached its limit of {self._most} tokens; ask for less at once")

    def _load(self) -> tuple[Any, Any]:
        with self._loading:
            return self._loaded or self._read()

    def _read(self) -> tuple[Any, Any]:
        from transformers import AutoModelForImageTextToText, AutoProcessor

        from rag.encoders.local.checkpoint import LOADING_ERRORS, REMOTE_CODE, first_line, settings_of

        folder = self._folder()
        try:
            processor = AutoProcessor.from_pretrained(folder, local_files_only=True, **REMOTE_CODE)
            model = AutoModelForImageTextToText.from_pretrained(
                folder, dtype="auto", local_files_only=True, **REMOTE_CODE
            )
            model = model.to(self._device).eval()
        except LOADING_ERRORS as exc:
            own_code = any("auto_map" in settings_of(folder, name) for name in _WITH_CODE)
            why = _OWN_CODE if own_code else first_line(exc)
            raise ModelUnreachable(
                f"The local model {self.name!r} cannot be loaded ({why}); PAGESIGHT_LLM_MODEL must be "
                "local:<folder or hub name> of an image-text-to-text model"
            ) from exc
        self._loaded = processor, model
        return self._loaded

    def _folder(self) -> Path:
        """The folder named, or the hub's copy on disk; the network is not asked."""
        named, hub = Path(self.name).expanduser(), Hub.from_environment()
        found = named if named.is_dir() else hub.cached(self.name)
        if found is None:
            remedy = f"download it first (hf download {self.name}), or " if _HUB_NAME.fullmatch(self.name) else ""
            raise ModelUnreachable(
                f"The local model {self.name!r} is not on this machine: it is no folder, and {hub.cache} has no model "
                f"of that name with its weights; {remedy}name the folder of an image-text-to-text model"
            )
        return found


def _inputs(processor: Any, messages: Sequence[Message]) -> Any:
    conversation = [
        {
            "role": message.role,
            "content": [
                {"type": "text", "text": part} if isinstance(part, str) else {"type": "image", "image": fitted(part)}
                for part in message.parts
            ],
        }
        for message in messages
    ]
    return processor.apply_chat_template(
        conversation, add_generation_prompt=True, tokenize=True, return_dict=True, return_tensors="pt"
    )


def _stopped(ids: Any, stop: threading.Event) -> Any:
    """What transformers expects of a stopping criterion: one boolean per sequence, on the sequences' device."""
    import torch

    return torch.full((ids.shape[0],), stop.is_set(), dtype=torch.bool, device=ids.device)
