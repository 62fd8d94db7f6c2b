"""Formulas in TeX as a line of text, on literals."""

import pytest

from ingestion.formats.tex import tex_text


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (r"100\,^{\circ}\mathrm{C}", "100 °C"),
        (r"\pm 0.5\,\%", "± 0.5 %"),
        (r"\eta = P_\text{out}/P_\text{in}", "η = P_out/P_in"),
        (r"x_{max}^2 \le \sqrt{2}", "x_max² ≤ √2"),
        (r"R = \frac{U - U_0}{I} \approx 10^{-6}\,\Omega", "R = (U - U₀)/I ≈ 10⁻⁶ Ω"),
        (r"\left( a + b \right) \cdot c", "( a + b ) · c"),
        (r"\begin{matrix} a \\ b \end{matrix}", r"\begin{matrix} a \\ b \end{matrix}"),
        (r"\own{a}", r"\own{a}"),
        ("a } b", "a } b"),
        ("{a", "{a"),
        ("x^", "x^"),
    ],
)
def test_formulas(source: str, said: str) -> None:
    assert tex_text(source) == said
