"""A picture with the fine texture of a photograph."""

import numpy as np
from PIL import Image


def textured(width: int, height: int, seed: int = 1) -> Image.Image:
    """Smooth coloured noise: what a photograph looks like to the detector."""
    noise = np.random.default_rng(seed).integers(0, 256, (height // 4, width // 4, 3), dtype=np.uint8)
    return Image.fromarray(noise).resize((width, height), Image.Resampling.BICUBIC)
