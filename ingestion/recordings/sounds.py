"""Which sounds are heard in a recording – a rattle, a beep – by a CLAP model from a folder on this machine.

Zero-shot classification as in Wu et al., "Large-scale contrastive language-audio pretraining with feature fusion and
keyword-to-caption augmentation" (2023), run by transformers: each name of a sound stands in a sentence that the text
tower embeds once; windows of sound, as long as the model hears at once, are embedded by the audio tower, and a name is
told of a window where it takes :data:`LEAST` of the softmax over all names. Names of what is no finding, like speech
and silence, take part and are not told. ``sounds.txt`` in the folder, a name a line, replaces :data:`NAMES`.

The folder has the layout of transformers with weights as safetensors; nothing is downloaded.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ingestion.errors import UnreadableFile
from ingestion.recordings.cues import Cue

if TYPE_CHECKING:
    from numpy.typing import NDArray

NAMES = (
    "rattling", "grinding", "squeaking", "squealing brakes", "scraping metal", "clicking", "knocking", "banging",
    "clanking", "buzzing", "electrical humming", "whining", "whistling", "hissing steam", "air leaking", "bubbling",
    "gurgling", "dripping water", "running water", "splashing", "crackling", "sparking electricity", "popping",
    "an explosion", "shattering glass", "beeping", "an alarm", "a siren", "a bell", "a telephone ringing",
    "a car horn", "a keyboard", "a camera shutter", "a door closing", "footsteps", "an engine running",
    "an engine starting", "an engine misfiring", "an electric motor", "a fan", "a compressor", "a pump",
    "a vacuum cleaner", "a drill", "a saw", "hammering", "a sewing machine", "a printer", "a washing machine",
    "a microwave oven", "a blender", "a dog barking", "a baby crying", "thunder", "rain",
)  # fmt: skip
ORDINARY = ("a person speaking", "music", "silence", "background noise", "wind", "applause", "laughter")
SENTENCE = "This is a sound of {}"
LEAST = 0.3  # share of the softmax from which on a name is told
QUIET = 1e-3  # root mean square, of 1, below which a window is silent and not asked about
SHORTEST = 1.0  # seconds of a window that is asked about
THREADS = 2  # of one process; there is one per core at most
LIST = "sounds.txt"
_NEEDED = ("config.json", "model.safetensors", "preprocessor_config.json", "tokenizer.json")


class Sounds:
    """A model of a folder. Raises :class:`UnreadableFile` naming the folder and the remedy.

    ``rate`` is the samples per second that it wants.
    """

    def __init__(self, folder: str) -> None:
        self._model, self._extractor, self._names, self._texts = _opened(folder)
        self.rate = int(self._extractor.sampling_rate)

    def cues(self, sound: NDArray[np.float32], begins: float) -> list[Cue]:
        """What is heard in ``sound`` (:attr:`rate` samples a second), which begins at the moment ``begins``: of
        neighbouring windows with the same names one cue."""
        size = int(self._extractor.max_length_s * self.rate)
        starts = [
            start
            for start in range(0, len(sound), size)
            if len(part := sound[start : start + size]) >= SHORTEST * self.rate
            and float(np.sqrt(np.square(part).mean())) >= QUIET
        ]
        found = list[Cue]()
        heard = self._heard([sound[start : start + size] for start in starts])
        for start, names in zip(starts, heard, strict=True):
            text = f"Sound: {', '.join(names)}."
            first, last = begins + start / self.rate, begins + min(start + size, len(sound)) / self.rate
            if names and found and found[-1].text == text and found[-1].end >= first:
                found[-1] = Cue(found[-1].start, last, text)
            elif names:
                found.append(Cue(first, last, text))
        return found

    def _heard(self, windows: Sequence[NDArray[np.float32]]) -> list[list[str]]:
        """Of each window the names that are told, surest first."""
        import torch

        if not windows:
            return []
        inputs = self._extractor(list(windows), sampling_rate=self.rate, return_tensors="pt")
        with torch.inference_mode():
            rows = _rows(self._model.get_audio_features(**inputs))
            shares = ((rows @ self._texts.T) * self._model.logit_scale_a.exp()).softmax(dim=1).numpy()
        orders = np.argsort(-shares, axis=1)
        return [
            [self._names[one] for one in order if one < len(self._names) and share[one] >= LEAST]
            for order, share in zip(orders, shares, strict=True)
        ]


def check(folder: str) -> None:
    """Raise :class:`UnreadableFile` where the folder holds no such model, before a file is read for it."""
    missing = [name for name in _NEEDED if not (Path(folder) / name).is_file()]
    why = f"where {' and '.join(missing)} cannot be found"
    if not missing:
        try:
            kind = json.loads((Path(folder) / "config.json").read_bytes())["model_type"]
        except (ValueError, KeyError, TypeError):
            kind = "unknown"
        if kind == "clap":
            return
        why = f"a model of the kind {kind!r}"
    raise UnreadableFile(
        f"PAGESIGHT_SOUNDS is {folder}, {why}; name the folder of a CLAP model, with weights as safetensors, or unset "
        "it (docs/media.md)"
    )


@lru_cache(maxsize=1)
def _opened(folder: str) -> tuple[Any, Any, tuple[str, ...], Any]:
    """Model, feature extractor, the names that are told, and the embeddings of these and of the ordinary ones."""
    check(folder)
    try:
        import torch
        from transformers import AutoTokenizer, ClapFeatureExtractor, ClapModel
    except ImportError as exc:
        raise UnreadableFile(
            "PAGESIGHT_SOUNDS is set, and torch and transformers are not installed: `pip install torch transformers`, "
            "or unset it"
        ) from exc
    torch.set_num_threads(THREADS)
    try:
        model = ClapModel.from_pretrained(folder, local_files_only=True, use_safetensors=True).eval()
        extractor = ClapFeatureExtractor.from_pretrained(folder, local_files_only=True)
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
        names = _listed(Path(folder) / LIST) or NAMES
        sentences = [SENTENCE.format(name) for name in (*names, *ORDINARY)]
        with torch.inference_mode():
            tokens = tokenizer(sentences, padding=True, truncation=True, return_tensors="pt")
            return model, extractor, names, _rows(model.get_text_features(**tokens))
    except Exception as exc:  # transformers, tokenizers and safetensors have errors of their own
        said = " ".join(str(exc).split())[:200]
        raise UnreadableFile(
            f"the model of sounds in {folder} cannot be opened ({said}); fetch it again (docs/media.md)"
        ) from exc


def _listed(path: Path) -> tuple[str, ...]:
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return tuple(dict.fromkeys(line.strip() for line in lines if line.strip()))


def _rows(output: Any) -> Any:
    """(n, dim) unit rows: of transformers 5 in a value with more, of earlier versions by themselves."""
    rows = getattr(output, "pooler_output", output)
    return rows / rows.norm(dim=-1, keepdim=True)
