r"""Formulas in TeX as a line of text, for those of Markdown files: $573\,^\circ\mathrm{C}$ is 573 °C.

The text is in the manner of :mod:`~ingestion.formats.equations`. What is no formula of everyday documents (matrices,
own commands) keeps its TeX, so that nothing is lost.
"""

from __future__ import annotations

import re

from ingestion.formats.equations import fraction, lowered, raised, root, spaced

SIGNS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ",
    "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ",
    "Lambda": "Λ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "ohm": "Ω", "degree": "°",
    "circ": "∘", "pm": "±", "mp": "∓", "times": "×", "cdot": "·", "div": "÷", "approx": "≈", "sim": "~", "neq": "≠",
    "ne": "≠", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "ll": "≪", "gg": "≫", "equiv": "≡", "propto": "∝",
    "infty": "∞", "sum": "∑", "int": "∫", "prod": "∏", "partial": "∂", "nabla": "∇", "to": "→", "rightarrow": "→",
    "Rightarrow": "⇒", "leftarrow": "←", "ldots": "…", "dots": "…", "cdots": "…", "prime": "′", "in": "∈",
    "quad": " ", "qquad": " ", ",": " ", ";": " ", ":": " ", " ": " ", "!": "", "%": "%", "$": "$", "&": "&", "#": "#",
    "_": "_", "{": "{", "}": "}", "left": "", "right": "", "displaystyle": "", "limits": "", "\\": "; ",
}  # fmt: skip
FUNCTIONS = frozenset(["sin", "cos", "tan", "log", "ln", "exp", "min", "max", "lim", "arcsin", "arccos", "arctan"])
UPRIGHT = frozenset(["text", "mathrm", "mathbf", "mathit", "mathsf", "textbf", "textit", "operatorname", "mbox"])
TOKEN = re.compile(r"\\([A-Za-z]+|.)|([{}^_])|(\s+)|(.)", re.DOTALL)
Token = tuple[str, str, str, str]


def tex_text(source: str) -> str:
    """A formula, without its dollar signs, as one line; as it is where it holds what is not known."""
    try:
        said, rest = _run([*TOKEN.findall(source.strip())], 0)
    except (KeyError, IndexError):
        return source
    return spaced(said) if rest is None else source


def _run(tokens: list[Token], place: int) -> tuple[str, int | None]:
    """Text up to the brace that closes a group, and the place behind it; None at the end of the formula."""
    said = ""
    while place < len(tokens):
        _, mark, space, _ = tokens[place]
        if mark == "}":
            return said, place + 1
        if mark in ("^", "_"):
            inner, place = _argument(tokens, place + 1)
            said += (raised if mark == "^" else lowered)(inner)
            continue
        if space:
            said, place = f"{said} ", place + 1
            continue
        inner, place = _argument(tokens, place)
        said += inner
    return said, None


def _argument(tokens: list[Token], place: int) -> tuple[str, int]:
    """The text of one group, command or sign, and the place behind it."""
    while tokens[place][2]:
        place += 1
    command, mark, _, sign = tokens[place]
    if mark == "{":
        said, end = _run(tokens, place + 1)
        if end is None:
            raise KeyError("a brace that nothing closes")
        return said, end
    if command in ("frac", "dfrac", "tfrac"):
        above, place = _argument(tokens, place + 1)
        below, place = _argument(tokens, place)
        return fraction(above, below), place
    if command == "sqrt":
        said, place = _argument(tokens, place + 1)
        return root(said, ""), place
    if command in UPRIGHT:
        return _argument(tokens, place + 1)
    if command in FUNCTIONS:
        return f"{command} ", place + 1
    if command:
        return SIGNS[command], place + 1
    return sign or mark, place + 1
