"""How many words of a scan come out letter by letter, in five languages with units and signs.

    python benchmarks/letters.py [--checkout FOLDER] [--out FOLDER]

Prints 200 words of its own to a page, spoils it as a scanner does (200 dpi, grey, noise, blur, a slant of 0.3 degrees,
JPEG) and parses it with ``python -m ingestion`` of a checkout. Says for each language which share of the words is there
exactly and in order, and what became of the others.
"""

from __future__ import annotations

import argparse
import difflib
import io
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pymupdf
from PIL import Image, ImageFilter

TEXTS = {
    "German": "Prüfen Sie den Ölstand jährlich bei kaltem Öl. Größere Mängel müssen dem zuständigen Händler gemeldet "
    "werden. Übermäßige Wärme schädigt die Dichtung; Heißwasser über 85 °C läuft außen ab. Schließen Sie das Gehäuse.",
    "French": "Vérifiez le débit à la sortie du réservoir après chaque réglage. La pièce usée doit être remplacée où "
    "la façade gêne l’accès. Réglez la température à 40 °C ± 2 °C; le bruit ne dépasse guère 65 dB. Fermez la vanne.",
    "Spanish": "El tamaño del señalador pequeño varía según el año. Después de la presión máxima, gire la válvula. "
    "Una vez más: ¿dónde está el tapón? Añada 3,5 m³/h de agua a 20 °C; mañana compruebe la tensión de 230 V otra vez.",
    "Polish": "Sprawdź łożysko i źródło ciepła co sześć miesięcy. Żółte światło świeci, gdy ciśnienie spada. "
    "Ściągnij śrubę kluczem, użyj gęstego smaru, włóż część z powrotem. Moc grzałki wynosi 47 kΩ razy 2,2 µF.",
    "Turkish": "Yağ değişimi yılda bir kez yapılır; şişeyi güneşten koruyun. Çıkış sıcaklığı 60 °C üstüne çıkarsa "
    "ısıtıcıyı kapatın. Gövdeyi ıslak bezle silin, ağırlığı 12 kg olan kapağı iki kişi kaldırın, vidayı sıkın.",
    "Units": "Ø 12 mm, 25 m², ≤ 5 ‰, ≥ 8 µm, 5 × 10⁻⁶, 1450 min⁻¹, ½ Zoll, 19,90 €, 0,75 Ω, ± 0,1 mm",
}
DPI = 200
SLANT = 0.3  # degrees
BLUR = 0.6  # pixels
NOISE = 9.0  # standard deviation, of 255
QUALITY = 60  # of the JPEG, 0 to 100
SEED = 7
SAME = str.maketrans("μ’", "µ'")  # signs that look the same


def printed() -> Image.Image:
    """One page with all texts, as a scanner sees it."""
    doc = pymupdf.open()
    page = doc.new_page()
    body = "".join(f"<p>{text}</p>" for text in TEXTS.values())
    page.insert_htmlbox(pymupdf.Rect(60, 60, 535, 780), f'<div style="font-size:12px">{body}</div>')
    pixels = page.get_pixmap(dpi=DPI, colorspace=pymupdf.csGRAY)
    sheet = Image.frombytes("L", (pixels.width, pixels.height), pixels.samples)
    sheet = sheet.rotate(SLANT, fillcolor=255, resample=Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(BLUR))
    grey = np.asarray(sheet, dtype=float) * 0.86 + 28
    grey += np.random.default_rng(SEED).normal(0.0, NOISE, grey.shape)
    return Image.fromarray(grey.clip(0, 255).astype(np.uint8))


def scanned(path: Path) -> Path:
    stream = io.BytesIO()
    printed().save(stream, "JPEG", quality=QUALITY)
    doc = pymupdf.open()
    page = doc.new_page()
    page.insert_image(page.rect, stream=stream.getvalue())
    doc.save(path)
    return path


def said(path: Path, checkout: Path) -> list[str]:
    command = [sys.executable, "-m", "ingestion", str(path), "--ocr", "auto", "--json"]
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=True)
    elements = json.loads(done.stdout)["pages"][0]["elements"]
    return [word for element in elements for word in element["text"].split()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkout", type=Path, default=Path(__file__).resolve().parents[1], metavar="FOLDER")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="keep the scan there")
    given = parser.parse_args()
    if given.out:
        given.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        found = said(scanned((given.out or Path(folder)) / "letters.pdf"), given.checkout.resolve())
    wanted = [(language, word) for language, text in TEXTS.items() for word in text.split()]
    said_before, said_now = ([word.translate(SAME) for word in words] for words in ([w for _, w in wanted], found))
    match = difflib.SequenceMatcher(None, said_before, said_now, autojunk=False)
    right = {i for block in match.get_matching_blocks() for i in range(block.a, block.a + block.size)}
    for name in TEXTS:
        places = [i for i, (language, _) in enumerate(wanted) if language == name]
        print(f"{name:8} {sum(i in right for i in places) / len(places):.3f} of {len(places)} words")
    print(f"{'all':8} {len(right) / len(wanted):.3f} of {len(wanted)} words")
    for kind, a, b, c, d in match.get_opcodes():
        if kind != "equal":
            print(f"  {' '.join(word for _, word in wanted[a:b])!r} → {' '.join(found[c:d])!r}")


if __name__ == "__main__":
    main()
