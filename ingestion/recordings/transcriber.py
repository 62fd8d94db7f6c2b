"""What is said in a stretch of sound, by a Whisper model from a folder on this machine, run by faster-whisper.

The folder is one that CTranslate2 reads (``model.bin``, ``config.json``, ``tokenizer.json``); nothing is downloaded.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingestion.errors import UnreadableFile
from ingestion.recordings.cues import Cue
from ingestion.text.cleaning import clean

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

THREADS = 2  # of one process; there is one per core at most
SILENCE = 0.6  # probability of no speech above which a piece is left out: the model makes words up in music and noise
SPEECH_ALONE = True  # what is no speech, to a small model of its own, is not given to the transcriber
_NEEDED = ("model.bin", "config.json")


class Transcriber:
    """A model of a folder. Raises :class:`UnreadableFile` naming the folder and the remedy."""

    def __init__(self, folder: str) -> None:
        self._model = _opened(folder)

    def cues(self, sound: NDArray[np.float32], begins: float) -> list[Cue]:
        """What is said in ``sound`` (16,000 samples a second), which begins at the moment ``begins``."""
        segments, _ = self._model.transcribe(sound, vad_filter=SPEECH_ALONE, condition_on_previous_text=False)
        return [
            Cue(begins + float(one.start), begins + float(one.end), text)
            for one in segments
            if (text := clean(one.text)) and one.no_speech_prob <= SILENCE
        ]


def check(folder: str) -> None:
    """Raise :class:`UnreadableFile` where the folder holds no model, before a file is read for it."""
    missing = [name for name in _NEEDED if not (Path(folder) / name).is_file()]
    if missing:
        raise UnreadableFile(
            f"PAGESIGHT_TRANSCRIBER is {folder}, where {' and '.join(missing)} cannot be found; name the folder of a "
            "Whisper model that CTranslate2 reads, or unset it (docs/media.md)"
        )


@lru_cache(maxsize=1)
def _opened(folder: str) -> Any:
    check(folder)
    try:
        from faster_whisper import WhisperModel
    except ImportError as exc:
        raise UnreadableFile(
            "PAGESIGHT_TRANSCRIBER is set, and faster-whisper is not installed: `pip install 'pagesight[media]'`, or "
            "unset it"
        ) from exc
    try:
        return WhisperModel(folder, device="cpu", compute_type="auto", cpu_threads=THREADS, local_files_only=True)
    except (RuntimeError, ValueError, OSError) as exc:
        said = " ".join(str(exc).split())
        raise UnreadableFile(
            f"the transcriber in {folder} cannot be opened ({said}); fetch or convert it again (docs/media.md)"
        ) from exc
