"""Encoder architectures at their real size with random weights: loading, dimension, window, speed, memory.

    python benchmarks/encoders.py [NAME…] [--precision float32 bfloat16 int8] [--threads 1] [--device cpu]
                                  [--memory 12] [--list]

Each is saved to a temporary folder, opened by a process of its own through the code users run, and given pictures of
900 × 700 pixels (preprocessing included) and texts of 30 words (dual encoders) or 100 (sentence encoders).
Speeds are per second of processor time, which other work on the machine hardly changes; with --device cuda per second.
Of several precisions each is compared with the first one named: the least cosine of texts and of pictures. int8 is
opened twice, since the first opening makes its graphs. Prints a Markdown table. What needs more memory than --memory GB
is named and left out. No weight is downloaded: speed does not depend on what weights say, quality does, and is not
measured here; what rounding costs with real weights may differ, too.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

WORDS = 1000  # vocabulary of the stand-in tokenizer
BATCH = 8
LARGE = 1000  # millions of weights from which two pictures must do
CACHE = "cache"
LONG = 20.0  # seconds of a first run from which no second one is made
PICTURE = (900, 700)
SPECIAL = ["<pad>", "<s>", "</s>", "<unk>"]
PRECISIONS = ("float32", "bfloat16", "float16", "int8")
BYTES = 4  # of a weight on disk
OVERHEAD = 2.2  # memory at the peak over the weights': they are read while the empty model is there


class Case(NamedTuple):
    """An architecture: transformers' configuration and model class, picture side, tokens, and millions of weights."""

    config: str
    model: str
    processor: str | None
    side: int
    window: int
    millions: int
    values: dict[str, Any]


def _clip(width: int, layers: int, patch: int, text: int, heads: int, dim: int) -> dict[str, Any]:
    return {
        "vision_config": _tower(width, layers, width // 64) | {"patch_size": patch, "image_size": 224},
        "text_config": _tower(text, 12, heads) | {"bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 0},
        "projection_dim": dim,
    }


def _tower(width: int, layers: int, heads: int, inner: int = 0) -> dict[str, Any]:
    sizes = {"hidden_size": width, "num_hidden_layers": layers, "num_attention_heads": heads}
    return sizes | {"intermediate_size": inner or 4 * width}


def _siglip(width: int, layers: int, heads: int, inner: int, vocabulary: int, **vision: int) -> dict[str, Any]:
    tower = _tower(width, layers, heads, inner)
    return {
        "vision_config": tower | vision,
        "text_config": tower | {"vocab_size": vocabulary, "max_position_embeddings": 64, "projection_size": width},
    }


CASES = {
    "CLIP ViT-B/32": Case("CLIPConfig", "CLIPModel", "clip", 224, 77, 151, _clip(768, 12, 32, 512, 8, 512)),
    "CLIP ViT-B/16": Case("CLIPConfig", "CLIPModel", "clip", 224, 77, 150, _clip(768, 12, 16, 512, 8, 512)),
    "CLIP ViT-L/14": Case("CLIPConfig", "CLIPModel", "clip", 224, 77, 428, _clip(1024, 24, 14, 768, 12, 768)),
    "SigLIP B/16-224": Case(
        "SiglipConfig", "SiglipModel", "siglip", 224, 64, 203,
        _siglip(768, 12, 12, 3072, 32000, patch_size=16, image_size=224),
    ),
    "SigLIP 2 B/16-224": Case(
        "SiglipConfig", "SiglipModel", "siglip", 224, 64, 375,
        _siglip(768, 12, 12, 3072, 256000, patch_size=16, image_size=224),
    ),
    "SigLIP 2 B/16 NaFlex": Case(
        "Siglip2Config", "Siglip2Model", "siglip2", 16, 64, 375,
        _siglip(768, 12, 12, 3072, 256000, patch_size=16, num_patches=256),
    ),
    "SigLIP 2 so400m/14-384": Case(
        "SiglipConfig", "SiglipModel", "siglip", 384, 64, 1136,
        _siglip(1152, 27, 16, 4304, 256000, patch_size=14, image_size=384),
    ),
    "ALIGN base": Case("AlignConfig", "AlignModel", "efficientnet", 289, 64, 172, {}),
    "BLIP-2 retrieval ViT-g": Case(
        "Blip2Config", "Blip2ForImageTextRetrieval", "blip", 364, 512, 1172,
        {
            "vision_config": {"image_size": 364},
            "qformer_config": {"vocab_size": 30523, "use_qformer_text_input": True},
            "text_config": {"model_type": "opt", "hidden_size": 64, "num_hidden_layers": 1, "num_attention_heads": 1},
        },
    ),
    "MiniLM-L6": Case("BertConfig", "BertModel", None, 0, 512, 23, _tower(384, 6, 12)),
    "E5-small": Case("BertConfig", "BertModel", None, 0, 512, 33, _tower(384, 12, 12)),
    "BGE-base": Case("BertConfig", "BertModel", None, 0, 512, 109, _tower(768, 12, 12)),
    "multilingual-E5-base": Case(
        "XLMRobertaConfig", "XLMRobertaModel", None, 0, 512, 278,
        _tower(768, 12, 12) | {"vocab_size": 250002, "max_position_embeddings": 514},
    ),
}  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description="speed of encoder architectures with random weights")
    parser.add_argument("names", nargs="*", metavar="NAME", help="default: all")
    parser.add_argument("--precision", choices=PRECISIONS, nargs="+", default=["float32"])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--memory", type=float, default=12.0, help="GB that one architecture may take")
    parser.add_argument("--list", action="store_true", help="the names alone")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--pictures", type=int, default=BATCH, help="of a batch")
    args = parser.parse_args()
    if args.list:
        print("\n".join(CASES))
        return 0
    if args.measure:
        print(json.dumps(_measure(args.measure, args)))
        return 0
    print(
        "| architecture | weights, M | precision | first opening, s | loading, s | dimensions | window | pictures/s | ",
        end="",
    )
    print("texts/s | cosine of pictures | of texts | disk, MB | memory, GB |")
    print("|---" * 13 + "|")
    for name in args.names or CASES:
        case = CASES[name]
        if (needed := case.millions * OVERHEAD * BYTES / 1000) > args.memory:
            print(f"| {name} | {case.millions} | not run: about {needed:.0f} GB at its peak |", flush=True)
            continue
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, "-c", _SAVING, str(ROOT), name, folder], check=True)
            for precision in args.precision:
                print(_row(name, case, Path(folder), precision, args), flush=True)
    return 0


def _row(name: str, case: Case, folder: Path, precision: str, args: argparse.Namespace) -> str:
    options = ["--precision", precision, "--threads", str(args.threads), "--device", args.device]
    options += ["--pictures", str(2 if case.millions > LARGE else args.pictures)]
    command = [sys.executable, __file__, "--measure", str(folder), *options]
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / CACHE)}
    runs = [
        subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        for _ in range(2 if precision == "int8" else 1)
    ]
    if runs[-1].returncode:
        return f"| {name} | {case.millions} | {precision} | failed: {runs[-1].stderr.strip().splitlines()[-1]} |"
    first, found = json.loads(runs[0].stdout), json.loads(runs[-1].stdout)
    seen, read = (_alike(folder, kind, args.precision[0], precision) for kind in ("pictures", "texts"))
    pictures = f"{found['pictures']:.1f}" if found["pictures"] else "–"
    kept = folder / CACHE if precision == "int8" else folder
    size = sum(path.stat().st_size for path in kept.rglob("*") if path.suffix in (".onnx", ".safetensors"))
    cells = [
        name, case.millions, precision, f"{first['loading']:.1f}", f"{found['loading']:.1f}", found["dim"],
        found["window"], pictures, f"{found['texts']:.1f}", seen, read, f"{size / 1e6:.0f}", f"{found['memory']:.1f}",
    ]  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |"


def _alike(folder: Path, kind: str, first: str, precision: str) -> str:
    """The least cosine between the rows of two precisions."""
    import numpy as np

    one, other = (np.load(folder / f"{kind}-{name}.npy") for name in (first, precision))
    return f"{(one * other).sum(axis=1).min():.4f}" if len(one) else "–"


_SAVING = (
    "import sys; sys.path[:0] = [sys.argv[1], sys.argv[1] + '/benchmarks']\n"
    "from pathlib import Path; import encoders\n"
    "encoders.save(encoders.CASES[sys.argv[2]], Path(sys.argv[3]))"
)


def save(case: Case, folder: Path) -> None:
    """A model folder as the hub lays it out, with a tokenizer for which every word is a token."""
    import torch
    import transformers
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    transformers.utils.logging.disable_progress_bar()
    transformers.utils.logging.set_verbosity_error()
    torch.manual_seed(0)
    config = getattr(transformers, case.config)(**case.values)
    model = getattr(transformers, case.model)(config)
    for parameter in model.parameters() if case.processor == "efficientnet" else ():
        if parameter.dim() == 4:  # the library's own start is so small that every picture gives zero
            torch.nn.init.kaiming_normal_(parameter)
    model.save_pretrained(folder)
    vocabulary = {word: number for number, word in enumerate([*SPECIAL, *(f"w{n}" for n in range(WORDS))])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 1), ("</s>", 2)]
    )
    transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="<pad>", bos_token="<s>", eos_token="</s>", unk_token="<unk>",
        model_max_length=case.window,
    ).save_pretrained(folder)  # fmt: skip
    if case.processor:
        _processor(case, transformers).save_pretrained(folder)


def _processor(case: Case, transformers: Any) -> Any:
    square = {"height": case.side, "width": case.side}
    if case.processor == "clip":
        return transformers.CLIPImageProcessorPil(size={"shortest_edge": case.side}, crop_size=square)
    if case.processor == "siglip":
        return transformers.SiglipImageProcessorPil(size=square)
    if case.processor == "siglip2":
        return transformers.Siglip2ImageProcessorPil(patch_size=case.side, max_num_patches=256)
    if case.processor == "efficientnet":
        return transformers.EfficientNetImageProcessorPil(size=square, crop_size=square)
    return transformers.BlipImageProcessorPil(size=square)


def _measure(folder: Path, args: argparse.Namespace) -> dict[str, float]:
    import numpy as np
    from PIL import Image

    from rag.config import Settings, quiet
    from rag.encoders.open import open_encoder

    quiet()
    dual = (folder / "preprocessor_config.json").exists()
    names: dict[str, Any] = (
        {"encoder": str(folder), "words": "off"} if dual else {"encoder": "builtin", "words": str(folder)}
    )
    [precision] = args.precision
    settings = Settings(precision=precision, threads=args.threads, device=args.device, batch=BATCH, **names)
    import rag.encoders.local.clip  # noqa: F401  torch and transformers are loaded once, whatever the model

    started = time.perf_counter()
    encoder = open_encoder(settings)
    loading = time.perf_counter() - started
    clock = time.perf_counter if args.device != "cpu" else time.process_time
    noise = np.random.default_rng(0)
    length = 30 if dual else 100
    texts = [" ".join(f"w{n}" for n in noise.integers(0, WORDS, length)) for _ in range(2 * BATCH)]
    pictures = [Image.fromarray(noise.integers(0, 255, (*PICTURE[::-1], 3), np.uint8)) for _ in range(args.pictures)]
    seen = _speed(lambda: encoder.embed_images(pictures, [""] * len(pictures)), pictures, clock) if dual else 0.0
    part = encoder.parts[-1] if dual else encoder.parts[0]
    np.save(folder / f"texts-{precision}.npy", encoder.embed_texts(texts)[:, part.start : part.stop])
    rows = encoder.embed_images(pictures if dual else [], [""] * len(pictures if dual else []))
    np.save(folder / f"pictures-{precision}.npy", rows)
    return {
        "loading": loading,
        "dim": part.stop - part.start,
        "window": encoder.text_window or _window(folder),
        "pictures": seen,
        "texts": _speed(lambda: encoder.embed_texts(texts), texts, clock),
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
    }


def _window(folder: Path) -> int:
    config = json.loads((folder / "config.json").read_text())
    return int(config["max_position_embeddings"]) - (2 if config["model_type"] == "xlm-roberta" else 0)


def _speed(embed: Callable[[], object], things: Sequence[object], clock: Callable[[], float]) -> float:
    """Things a second: the best of three runs, the first of which warms up; of one run where that takes long."""
    spent: list[float] = []
    while len(spent) < 3 and (not spent or spent[0] < LONG):
        started = clock()
        embed()
        spent.append(clock() - started)
    return len(things) / min(spent)


if __name__ == "__main__":
    raise SystemExit(main())
