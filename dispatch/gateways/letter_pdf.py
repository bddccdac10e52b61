"""Letters as a PDF to print: A4, one page each, the address where a window envelope shows it.

The window is that of DIN 5008 form B, of common DL and C6/5 envelopes: 20 mm from the left edge, 45 to 90 mm
from the top. In it stand the name and the address, and nothing else; no sender, no reference, no mark
says what the letter is about. Chinese is set in a font that readers and printers bring along.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT: Final = "STSong-Light"
SIZE: Final = 11.0
LEADING_MM: Final = 6.0
WINDOW_MM: Final = (20.0, 45.0, 105.0, 90.0)
"""Left, top, right and bottom of what a window shows."""

_ADDRESS_MM: Final = (25.0, 56.0, 75.0)
_TEXT_MM: Final = (25.0, 110.0, 160.0)
"""From the left, from the top (of the first line's foot), and how wide lines are."""

_ADDRESS_LINES: Final = 6
_LAST_MM: Final = 280.0


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter: whom it goes to, and what it says."""

    name: str
    address: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page, in millimetres from its upper left corner to the line's foot."""

    x: float
    y: float
    text: str


def letters_pdf(letters: Sequence[Letter]) -> bytes:
    """Return the letters as one PDF, a page each."""
    _font()
    into = io.BytesIO()
    canvas = Canvas(into, pagesize=A4, invariant=1)
    canvas.setTitle("")
    for letter in letters:
        canvas.setFont(FONT, SIZE)
        for line in laid_out(letter):
            canvas.drawString(line.x * mm, A4[1] - line.y * mm, line.text)
        canvas.showPage()
    canvas.save()
    return into.getvalue()


def fits(letter: Letter) -> bool:
    """Whether the window shows the whole address, and the page the whole text."""
    try:
        return laid_out(letter)[-1].y <= _LAST_MM
    except ValueError:
        return False


def laid_out(letter: Letter) -> list[Line]:
    """Return the lines of a letter's page.

    Raises
    ------
    ValueError
        If the name and address do not fit the window.
    """
    _font()
    x, y, width = _ADDRESS_MM
    to = [*wrapped(letter.name, width), *wrapped(letter.address, width)]
    if len(to) > _ADDRESS_LINES:
        msg = "The name and address take more lines than a window shows; shorten the address."
        raise ValueError(msg)
    lines = [Line(x, y + LEADING_MM * number, text) for number, text in enumerate(to)]
    x, y, width = _TEXT_MM
    lines += [
        Line(x, y + LEADING_MM * number, text)
        for number, text in enumerate(wrapped(letter.text, width))
        if text
    ]
    return lines


def wrapped(text: str, width_mm: float) -> list[str]:
    """Return a text in lines of a width at most, broken at spaces where there are any."""
    return [line for part in text.strip().splitlines() for line in _broken(part, width_mm * mm)]


def _broken(part: str, width: float) -> Iterator[str]:
    while part:
        ends = accumulate(pdfmetrics.stringWidth(one, FONT, SIZE) for one in part)
        fits = sum(end <= width for end in ends)
        if fits >= len(part):
            break
        at = part.rfind(" ", 1, fits + 1)
        at = at if at > 0 else max(fits, 1)
        yield part[:at]
        part = part[at:].lstrip(" ")
    yield part


def _font() -> None:
    if FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
