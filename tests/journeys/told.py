"""What a page tells: by the keys of the catalogues, in whichever language it was shown."""

import html
import re

from api.wording import LOCALES, translator


def told(page: str, key: str) -> bool:
    """Whether the page tells the words of a key."""
    shown = html.unescape(page)
    return any(translator(locale)(key) in shown for locale in LOCALES)


def words_of(page: str) -> str:
    """Return the visible words of a page."""
    return html.unescape(re.sub(r"<[^>]+>", " ", page))
