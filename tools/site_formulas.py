"""How wide a formula of a sentence will be once it is set: its place is kept, or the text jumps.

MathJax sets the formulas after the first lines are seen; a formula's source is often longer than
what comes of it. The widths are those of Computer Modern, in em, to within a tenth or so of the
whole: what a line needs to break where it will break in the end.
"""

import re
from html import unescape

EX = 0.442  # MathJax makes its x as high as that of the text: this many em
SCRIPT = 0.71  # of the size
NARROW, OPERATOR, RELATION = 0.17, 0.44, 0.56  # em of space: after log, around + and around =
NAMED = {"log", "exp", "max", "min", "operatorname"}
WIDE = {  # em of what is not like an ordinary letter, which takes 0.53
    **dict.fromkeys("fijlrt", 0.4),
    **dict.fromkeys("mwBCDEGHKMNOQRUVWXY", 0.8),
    **dict.fromkeys("0123456789/", 0.5),
    **dict.fromkeys("()", 0.39),
    **dict.fromkeys("[]|!.:;'", 0.28),
    **dict.fromkeys("+-", 0.78 + OPERATOR),
    **dict.fromkeys("=<>", 0.78 + RELATION),
    ",": 0.45,
    " ": 0.0,
    "\\,": 0.17,
    "\\;": 0.28,
    "\\ ": 0.33,
    "\\!": -0.17,
    "\\quad": 1.0,
    "\\qquad": 2.0,
    "\\langle": 0.39,
    "\\rangle": 0.39,
    "\\sum": 1.06 + NARROW,
    "\\sqrt": 0.83,
    "\\infty": 1.0,
    "\\top": 0.78,
    "\\cdot": 0.28 + OPERATOR,
    "\\ell": 0.42,
    **dict.fromkeys(["\\times", "\\pm", "\\mp"], 0.78 + OPERATOR),
    **dict.fromkeys(["\\le", "\\ge", "\\ne", "\\approx", "\\sim"], 0.78 + RELATION),
    **dict.fromkeys(["\\in", "\\to"], 0.9 + RELATION),
    **dict.fromkeys(["\\left", "\\right", "\\mathrm", "\\mathbf", "\\mathbb", "\\text"], 0.0),
    **dict.fromkeys(["\\bigl", "\\bigr", "\\displaystyle", "\\limits"], 0.0),
}
TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\S|\s+")
INLINE = re.compile(
    r'<span class="math notranslate nohighlight">\\\((.*?)\\\)</span>([,.;:?!)]*)', re.DOTALL
)
SHORT = 14  # x-heights of the text: what a line can end with


def kept(body: str) -> str:
    """Return a page in which each formula of a sentence says how wide it will be.

    A line may end after a formula: a short one keeps the comma that follows it.
    """

    def placed(found: re.Match) -> str:
        wide = ex(found[1])
        formula = found[0].replace("<span ", f'<span style="--wide: {wide}ex" ', 1)
        together = found[2] and wide < SHORT
        return f'<span class="together">{formula}</span>' if together else formula

    return INLINE.sub(placed, body)


def ex(source: str) -> float:
    """Return about how many x-heights of the text a formula's source takes, once it is set."""
    return round(_run(TOKEN.findall(unescape(source))) / EX, 1)


def _run(tokens: list[str]) -> float:
    """Return the width of what stands side by side; the tokens are used up to the closing }."""
    width, before, scripts = 0.0, "", [0.0]
    while tokens and (token := tokens.pop(0)) != "}":
        if token in "_^":
            scripts.append(SCRIPT * _next(tokens))
            continue
        if not token.isspace():
            width, scripts = width + max(scripts), [0.0]
        sign = token in "+-" and (before == "" or before in "=([,<>+-")
        width += 0.78 if sign else _of(token, tokens)
        before = before if token.isspace() else token
    return width + max(scripts)


def _next(tokens: list[str]) -> float:
    """Return the width of the next group, or of the one token that stands for it."""
    while tokens and tokens[0].isspace():
        tokens.pop(0)
    token = tokens.pop(0) if tokens else " "
    return _of(token, tokens)


def _of(token: str, tokens: list[str]) -> float:
    """Return the width of a token, with the groups that it takes."""
    name = token.removeprefix("\\")
    if token == "{":
        return _run(tokens)
    if name in ("frac", "dfrac", "tfrac"):
        size = 1.0 if name == "dfrac" else SCRIPT
        return 0.24 + size * max(_next(tokens), _next(tokens))
    if name in NAMED and name != token:
        return NARROW + (0.0 if name == "operatorname" else 0.55 * len(name))
    return WIDE.get(" " if token.isspace() else token, 0.53)
