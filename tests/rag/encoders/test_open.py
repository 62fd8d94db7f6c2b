"""The shared space with real parts: tiny checkpoints opened by the code users run, static words, built-in pictures."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from PIL import Image, ImageDraw
from tiny_models import (
    CORPUS,
    save_tiny_align,
    save_tiny_altclip,
    save_tiny_blip2,
    save_tiny_chinese_clip,
    save_tiny_clip,
    save_tiny_metaclip2,
    save_tiny_naflex,
    save_tiny_sentence,
    save_tiny_siglip,
)
from tiny_openclip import save_tiny_openclip

from rag.config import Settings
from rag.encoders.base import Encoder
from rag.encoders.open import open_encoder
from rag.encoders.space import PartName, masked
from rag.errors import BadSettings, EncoderUnavailable

DUAL = {
    "clip": (save_tiny_clip, 77, 16),
    "siglip": (save_tiny_siglip, 64, 32),
    "naflex": (save_tiny_naflex, 64, 32),
    "align": (save_tiny_align, 64, 32),
    "blip2": (save_tiny_blip2, 32, 16),
    "metaclip2": (save_tiny_metaclip2, 77, 16),
    "chinese_clip": (save_tiny_chinese_clip, 52, 16),
    "altclip": (save_tiny_altclip, 77, 16),
    "openclip": (save_tiny_openclip, 77, 16),
}
"""How each is saved, its window in tokens, and its dimensions."""


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("models")
    saved = {name: save(root / name) for name, (save, _, _) in DUAL.items()}
    return {**saved, "sentence": save_tiny_sentence(root / "sentence")}


@pytest.fixture(scope="module", params=list(DUAL))
def dual(request: pytest.FixtureRequest, folders: dict[str, Path]) -> tuple[str, Encoder]:
    name = request.param
    spec = f"{'openclip:' if name == 'openclip' else ''}{folders[name]}"
    return name, open_encoder(Settings(encoder=spec, words=str(folders["sentence"]), batch=4))


@pytest.fixture(scope="module")
def plain() -> Encoder:
    return open_encoder(Settings(encoder="builtin", words="static"))


def drawing(number: int, size: tuple[int, int] = (240, 160)) -> Image.Image:
    """A small chart-like picture that differs by number."""
    image = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(image)
    colour = ("navy", "darkred", "seagreen", "black", "orange", "purple")[number % 6]
    for bar in range(6):
        height = (number * 37 + bar * 53) % 70 + 10
        left = size[0] * (bar + 1) // 8
        pen.rectangle((left, size[1] - 20 - height, left + 15, size[1] - 20), fill=colour)
    pen.ellipse((10 + 20 * number, 8, 60 + 20 * number, 48), outline=colour, width=3)
    return image


def lengths(encoder: Encoder, rows: np.ndarray) -> dict[str, np.ndarray]:
    return {part.name: np.linalg.norm(rows[:, part.start : part.stop], axis=1) for part in encoder.parts}


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_dual_encoder_has_the_checkpoints_window_and_size_and_unit_parts(dual: tuple[str, Encoder]) -> None:
    name, encoder = dual
    _, window, dim = DUAL[name]
    assert encoder.text_window == window
    assert [part.stop - part.start for part in encoder.parts] == [32, dim]
    for rows in (encoder.embed_texts(CORPUS), encoder.embed_images([drawing(1), drawing(2)], ["a pump", "a filter"])):
        assert rows.dtype == np.float32 and rows.shape[1] == encoder.dim == 32 + dim
        for part_lengths in lengths(encoder, rows).values():
            np.testing.assert_allclose(part_lengths, 1.0, atol=1e-5)


def test_batches_of_mixed_length_change_nothing_and_keep_the_order(dual: tuple[str, Encoder]) -> None:
    _, encoder = dual
    texts = [*CORPUS, "pump", "12", CORPUS[2][:30], "the filter and the tank"]
    together = encoder.embed_texts(texts)
    np.testing.assert_allclose(together, np.vstack([encoder.embed_texts([text]) for text in texts]), atol=2e-5)
    pictures = [drawing(n, (120 + 60 * n, 150)) for n in range(6)]
    rows = encoder.embed_images(pictures, [""] * 6)
    alone = np.vstack([encoder.embed_images([picture], [""]) for picture in pictures])
    np.testing.assert_allclose(rows, alone, atol=2e-5)


def test_a_second_opening_gives_the_same_vectors_and_fingerprint(folders: dict[str, Path]) -> None:
    settings = Settings(encoder=str(folders["clip"]), words=str(folders["sentence"]))
    first = open_encoder(settings)
    second = open_encoder(Settings(encoder=first.picture_spec, words=first.words_spec))
    assert first.fingerprint == second.fingerprint
    np.testing.assert_array_equal(first.embed_texts(CORPUS), second.embed_texts(CORPUS))


def test_the_fingerprint_follows_the_weights_the_preprocessing_and_the_parts(
    folders: dict[str, Path], tmp_path: Path
) -> None:
    def fingerprint(folder: Path, words: str = "static") -> str:
        return open_encoder(Settings(encoder=str(folder), words=words)).fingerprint

    base = fingerprint(folders["clip"])
    assert base == fingerprint(save_tiny_clip(tmp_path / "same"))
    other = save_tiny_clip(tmp_path / "seed", seed=1)
    cropped = save_tiny_clip(tmp_path / "cropped")
    settings = cropped / "preprocessor_config.json"
    settings.write_text(settings.read_text().replace('"do_center_crop": true', '"do_center_crop": false'))
    found = {base, fingerprint(other), fingerprint(cropped), fingerprint(folders["clip"], "off")}
    assert len(found) == 4


def test_texts_and_pictures_of_a_dual_encoder_are_those_of_the_model_itself(folders: dict[str, Path]) -> None:
    import torch
    from transformers import CLIPModel, CLIPTokenizer
    from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

    model = CLIPModel.from_pretrained(folders["clip"]).eval()
    tokenizer = CLIPTokenizer.from_pretrained(folders["clip"])
    processor = CLIPImageProcessorPil.from_pretrained(folders["clip"])
    with torch.inference_mode():
        text = model.get_text_features(**tokenizer(CORPUS[1], return_tensors="pt")).pooler_output[0].numpy()
        pixels = processor(images=drawing(3), return_tensors="pt")
        picture = model.get_image_features(**pixels).pooler_output[0].numpy()
    encoder = open_encoder(Settings(encoder=str(folders["clip"]), words="off"))
    np.testing.assert_allclose(encoder.embed_texts([CORPUS[1]])[0], text / np.linalg.norm(text), atol=1e-5)
    np.testing.assert_allclose(
        encoder.embed_images([drawing(3)], [""])[0], picture / np.linalg.norm(picture), atol=1e-5
    )


def test_a_masked_query_scores_exactly_the_cosine_of_its_part(dual: tuple[str, Encoder]) -> None:
    _, encoder = dual
    query = encoder.embed_texts([CORPUS[0]])
    stored = encoder.embed_images([drawing(n) for n in range(4)], [CORPUS[1], "", CORPUS[2], CORPUS[0]])
    for part in encoder.parts:
        ours = masked(encoder, query, cast("PartName", part.name)) @ stored.T
        left, right = query[:, part.start : part.stop], stored[:, part.start : part.stop]
        sizes = np.linalg.norm(right, axis=1)
        cosine = np.divide((left @ right.T)[0], sizes, out=np.zeros(4, dtype=np.float32), where=sizes > 0)
        np.testing.assert_allclose(ours[0], cosine, atol=1e-5)
    np.testing.assert_allclose((masked(encoder, query, "words") @ stored.T)[0, [1, 3]], [0.0, 1.0], atol=1e-5)
    np.testing.assert_array_equal(masked(encoder, query[0], "words"), masked(encoder, query, "words")[0])


def test_empty_texts_and_empty_batches_give_zero_rows_and_no_rows(dual: tuple[str, Encoder], plain: Encoder) -> None:
    for encoder in (dual[1], plain):
        rows = encoder.embed_texts(["", CORPUS[0], "  \n"])
        assert not rows[0].any() and not rows[2].any() and rows[1].any()
        assert encoder.embed_texts([]).shape == (0, encoder.dim)
        assert encoder.embed_images([], []).shape == (0, encoder.dim)
        assert encoder.windows(" \n") == []


@pytest.mark.parametrize(
    "text",
    [
        " ".join(CORPUS * 6),
        "\n\n".join(CORPUS * 2),
        "before it " + "Xy7+" * 900 + " and after it",
        "пуск насоса и очистка фильтра " * 40,
        "泵将水送过过滤器。" * 60,
        "a,b;c " * 300,
    ],
    ids=["sentences", "paragraphs", "unbroken", "cyrillic", "chinese", "punctuation"],
)
def test_windows_lose_nothing_and_fit_every_tower(dual: tuple[str, Encoder], plain: Encoder, text: str) -> None:
    for encoder in (dual[1], plain):
        pieces = encoder.windows(text)
        assert len(pieces) > 1
        assert squeezed("".join(pieces)) == squeezed(text)
        assert all(encoder.windows(piece) == [piece] for piece in pieces)


def test_windows_of_a_clip_hold_at_most_77_tokens_of_its_own_tokenizer(folders: dict[str, Path]) -> None:
    from transformers import CLIPTokenizer

    tokenizer = CLIPTokenizer.from_pretrained(folders["clip"])
    encoder = open_encoder(Settings(encoder=str(folders["clip"]), words="static"))
    counts = [len(tokenizer(piece)["input_ids"]) for piece in encoder.windows(" ".join(CORPUS * 8))]
    assert max(counts) <= 77 and sum(counts) / len(counts) > 77 / 2


def test_windows_end_at_sentences(plain: Encoder) -> None:
    assert all(piece.endswith((".", ";")) for piece in plain.windows(" ".join(CORPUS * 6)))


def test_a_text_longer_than_the_window_is_not_truncated(dual: tuple[str, Encoder]) -> None:
    _, encoder = dual
    start = " ".join(CORPUS * 4)
    rows = encoder.embed_texts([f"{start} {ending}" for ending in ("bearing", "capacitor charged")])
    assert not np.allclose(rows[0], rows[1], atol=1e-4)
    for part_lengths in lengths(encoder, rows).values():
        np.testing.assert_allclose(part_lengths, 1.0, atol=1e-5)


def test_pictures_of_every_mode_and_shape_are_embedded(dual: tuple[str, Encoder], plain: Encoder) -> None:
    pictures = [drawing(1).convert(mode) for mode in ("L", "RGBA", "P", "CMYK", "1", "LA")]
    pictures += [Image.new("RGB", size, "white") for size in ((1, 1), (1, 3000), (3000, 1))]
    for encoder in (dual[1], plain):
        rows = encoder.embed_images(pictures, [""] * len(pictures))
        np.testing.assert_allclose(lengths(encoder, rows)["picture"], 1.0, atol=1e-5)


def test_transparency_is_seen_on_white(plain: Encoder) -> None:
    clear = drawing(2).convert("RGBA")
    pixels = np.array(clear)
    pixels[(pixels[..., :3] == 255).all(axis=-1)] = 0
    clear = Image.fromarray(pixels)
    rows = plain.embed_images([clear, drawing(2)], ["", ""])
    np.testing.assert_allclose(rows[0] @ rows[1], 1.0, atol=1e-4)


def test_pictures_and_words_must_pair(plain: Encoder) -> None:
    with pytest.raises(ValueError, match="2 pictures with 1 texts"):
        plain.embed_images([drawing(1), drawing(2)], [""])


def test_builtin_finds_the_picture_behind_its_screenshot(plain: Encoder) -> None:
    originals = [drawing(n) for n in range(6)]
    stored = plain.embed_images(originals, [""] * 6)
    for number, original in enumerate(originals):
        framed = Image.new("RGB", (330, 260), "white")
        framed.paste(original.resize((300, 200)), (12, 40))
        ImageDraw.Draw(framed).rectangle((2, 2, 327, 257), outline="black", width=2)
        scores = stored @ plain.embed_images([framed], [""])[0]
        assert int(np.argmax(scores)) == number


def test_builtin_reads_no_text(plain: Encoder) -> None:
    assert plain.text_window is None
    assert not masked(plain, plain.embed_texts(CORPUS), "picture").any()


def test_static_words_bring_paraphrases_together(plain: Encoder) -> None:
    pairs = [
        ("How do I clean the filter?", "Maintenance: rinse the filter under water."),
        ("Net profit grew last year", "Annual earnings increased"),
        ("The motor does not start", "Engine fails to run"),
    ]
    questions = plain.embed_texts([question for question, _ in pairs])
    answers = plain.embed_texts([answer for _, answer in pairs])
    scores = questions @ answers.T
    assert (scores.argmax(axis=1) == np.arange(3)).all()
    assert scores.diagonal().min() > np.max(scores - 9 * np.eye(3))


def test_words_of_a_picture_longer_than_the_window_all_count(folders: dict[str, Path]) -> None:
    encoder = open_encoder(Settings(encoder="builtin", words=str(folders["sentence"])))
    long = " ".join(CORPUS * 3)
    rows = encoder.embed_images([drawing(0), drawing(0)], [long, f"{long} capacitor"])
    assert not np.allclose(rows[0], rows[1], atol=1e-5)


def test_without_words_the_space_is_the_picture_part_alone(folders: dict[str, Path]) -> None:
    encoder = open_encoder(Settings(encoder=str(folders["clip"]), words="off"))
    assert [part.name for part in encoder.parts] == ["picture"] and encoder.dim == 16
    assert encoder.words_spec == "off"
    assert not masked(encoder, encoder.embed_texts(CORPUS), "words").any()


def test_nothing_that_reads_text_is_an_error() -> None:
    with pytest.raises(BadSettings, match="nothing would read text"):
        open_encoder(Settings(encoder="builtin", words="off"))


def test_a_sentence_encoder_is_no_picture_encoder_and_the_reverse(folders: dict[str, Path]) -> None:
    with pytest.raises(EncoderUnavailable, match="BertModel does not embed both text and pictures"):
        open_encoder(Settings(encoder=str(folders["sentence"]), words="static"))
    with pytest.raises(EncoderUnavailable, match="CLIPModel is not a sentence encoder"):
        open_encoder(Settings(encoder="builtin", words=str(folders["clip"])))


def test_missing_weights_are_an_error_and_never_random(tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file

    folder = save_tiny_clip(tmp_path / "clip")
    weights = load_file(folder / "model.safetensors")
    del weights["visual_projection.weight"]
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(EncoderUnavailable, match=r"1 weights are missing, the first is visual_projection\.weight"):
        open_encoder(Settings(encoder=str(folder), words="static"))


def test_half_precision_weights_are_run_in_single_precision(tmp_path: Path) -> None:
    from transformers import CLIPModel

    folder = save_tiny_clip(tmp_path / "half")
    CLIPModel.from_pretrained(folder).half().save_pretrained(folder)
    rows = open_encoder(Settings(encoder=str(folder), words="off")).embed_texts(CORPUS)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)


def test_an_unknown_device_is_named(folders: dict[str, Path]) -> None:
    with pytest.raises(BadSettings, match=r"PAGESIGHT_DEVICE is 'gpu7'.*use cpu"):
        open_encoder(Settings(encoder=str(folders["clip"]), words="static", device="gpu7"))


def test_threads_may_embed_at_the_same_time(dual: tuple[str, Encoder]) -> None:
    from concurrent.futures import ThreadPoolExecutor

    _, encoder = dual
    expected = encoder.embed_texts(CORPUS)
    with ThreadPoolExecutor(4) as pool:
        for rows in pool.map(lambda _: encoder.embed_texts(CORPUS), range(12)):
            np.testing.assert_allclose(rows, expected, atol=2e-5)


def test_the_encoder_without_downloads_imports_neither_torch_nor_llama_index() -> None:
    code = (
        "import sys; from rag.config import Settings; from rag.encoders.open import open_encoder\n"
        "e = open_encoder(Settings(encoder='builtin', words='static')); e.embed_texts(['pump']); e.windows('pump')\n"
        "print([m for m in ('torch', 'transformers', 'llama_index', 'huggingface_hub') if m in sys.modules])"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
