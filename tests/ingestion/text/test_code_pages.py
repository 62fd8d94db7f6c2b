"""Letters of another code page than a font says: which one is meant, and what is left alone."""

from __future__ import annotations

import pymupdf
import pytest

from ingestion.pdf.text_pages import with_mended_text
from ingestion.text.code_pages import meant, meant_by_font, recoded

SAID = {
    ("Russian", "cp1251"): "Перед началом работы внимательно прочитайте руководство. Напряжение 220 В, 50 Гц, № 3.",
    (
        "Ukrainian",
        "cp1251",
    ): "Перед початком роботи уважно прочитайте цю інструкцію. Її слід зберігати біля пральної машини.",
    ("Russian", "koi8_r"): "Перед началом работы внимательно прочитайте руководство. Напряжение 220 В, 50 Гц.",
    ("Greek", "cp1253"): "Διαβάστε προσεκτικά τις οδηγίες πριν από τη χρήση της συσκευής. Τάση 230 V.",
    ("Thai", "cp874"): "กรุณาอ่านคู่มือก่อนใช้งาน และเก็บไว้เพื่อใช้อ้างอิงในภายหลัง",
    (
        "Polish",
        "cp1250",
    ): "Przed użyciem należy przeczytać instrukcję obsługi. Wyłącznik główny każdy użytkownik może wyłączyć.",
    (
        "Czech",
        "cp1250",
    ): "Před použitím si přečtěte návod. Věnujte pozornost měření, řízení a přívodu vody při běžném provozu.",
    ("Hungarian", "cp1250"): "A szűrő és a fűtőszál működik; az időzítő előírt fűtése, gyűrű, erős gyűjtő, időtartam.",
    (
        "Turkish",
        "cp1254",
    ): "Cihazı kullanmadan önce kılavuzu okuyunuz. Kapağı ve ısıyı değiştiriniz, düğmeyi, taşıyınız, fişi, başlayınız.",
    (
        "Lithuanian",
        "cp1257",
    ): "Prieš išjungiant mašiną užsukite šaltą vandenį. Mažas ražas, užduočių ryšių būklė, rūšis, kūnas, lūžis.",
}
RIGHT = {
    "French": "Où brancher l'appareil ? Même si l'eau coûte cher, l'été, la forêt, août, œuvre, cœur, sœur.",
    "Icelandic": "Lesið leiðbeiningarnar áður en vélin er notuð. Það þarf að þvo þær, nýtt, sýna, hýsir, þýðir.",
    "Portuguese": "Instruções de utilização da máquina de lavar. Põe as opções, ligações, português, três pêssegos.",
    "Vietnamese": "Vui lòng đọc kỹ hướng dẫn trước khi sử dụng. Nguồn điện 220 V, tần số 50 Hz.",
    "Estonian": "Õige kasutus võib põhjustada kõrge hõõrdumise, mõõta sõltuvalt õlist.",
    "Danish": "Før brug læs vejledningen, øvrigt gør og kører større rør på gulvet.",
    "Italian": "Perché così più già però caffè, lunedì, qualità, è giù, può, virtù, città e società.",
    "Spanish": "¿Dónde está el año? ¡Mañana! El niño, ¿qué español? Señal, montaña, ¿cuánto?",
    "French and Portuguese": "Brûlé, coûter, goûter : même là. Põe as opções, lições, ligações; não.",
    "French and Estonian": "Brûler, coûter, goûter, là-bas. Võib põhjustada hõõrdumist, käega mõõta, ära.",
    "Danish and Icelandic": "Før brug, gør, kører, større på. Lesið leiðbeiningar, áður, það, sýna; aðþrengt, iðþí.",
    "units": "10 m³/h, 20 m³h, 3 m³a, x¹, y², a¹b, 4 m³b, 5 m³c and ± 3 µm² of the area in each m³d of air",
    "Polish": "Przed użyciem należy przeczytać instrukcję obsługi. Wyłącznik główny każdy może wyłączyć.",
}


def misread(text: str, page: str) -> str:
    return "".join(bytes([code]).decode("cp1252", errors="ignore") or chr(code) for code in text.encode(page))


@pytest.mark.parametrize(("language", "page"), SAID)
def test_the_page_that_was_meant_is_told(language: str, page: str) -> None:
    said = SAID[language, page]
    read = misread(said, page)
    assert read != said
    assert meant(read) == page
    assert recoded(read, page) == said


@pytest.mark.parametrize("language", RIGHT)
def test_what_reads_right_is_left_alone(language: str) -> None:
    assert meant(RIGHT[language]) == ""


def test_a_heading_of_few_letters_follows_the_text() -> None:
    text = misread(SAID["Polish", "cp1250"], "cp1250")
    fonts = {"Text": text, "Bold": "Instrukcja obs³ugi", "Mono": "WM-500 ± 3 µm", "Other": "Le père est très âgé"}
    assert meant_by_font(fonts) == {"Text": "cp1250", "Bold": "cp1250"}


def test_a_page_of_a_file_says_what_it_shows() -> None:
    russian, polish = SAID["Russian", "cp1251"], SAID["Polish", "cp1250"]
    doc = pymupdf.open()
    page = doc.new_page()
    page.insert_text((50, 80), misread("Инструкция", "cp1251"), fontname="hebo")
    page.insert_text((50, 120), misread(russian, "cp1251"), fontname="helv")
    page.insert_text((50, 160), "Model WM-500, Größe 3", fontname="tiro")
    doc.new_page().insert_text((50, 80), misread(polish, "cp1250"), fontname="helv")
    mended = with_mended_text(pymupdf.open(stream=doc.tobytes()))
    assert mended.load_page(0).get_text().split("\n")[:3] == ["Инструкция", russian, "Model WM-500, Größe 3"]
    assert mended.load_page(1).get_text().strip() == polish
