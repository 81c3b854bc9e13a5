"""What an output that lacks a letter gets instead: marks as signs of ASCII, letters without what stands above them."""

from __future__ import annotations

import codecs
import unicodedata
from types import MappingProxyType

PLAIN = "dgsim.plain"  # the name by which a stream is told of it
INSTEAD = MappingProxyType(
    {
        **{"✓": "+", "✗": "x", "↑": "^", "↓": "v", "→": "->", "·": ".", "×": "x", "±": "+-", "≈": "~"},
        **{"─": "-", "━": "-", "–": "-", "—": "-", "−": "-", "…": "...", "≤": "<=", "≥": ">="},
        **{"‘": "'", "’": "'", "“": '"', "”": '"', "đ": "d", "Đ": "D"},
    }
)


def plain(text: str) -> str:
    """The text in ASCII: better and worse stay apart, and what is written in Vietnamese can still be read.

    >>> plain("✓ tốt hơn, ✗ kém hơn: Đắk Lắk")
    '+ tot hon, x kem hon: Dak Lak'
    """
    return "".join(map(_plain_letter, text))


def _plain_letter(letter: str) -> str:
    if letter in INSTEAD:
        return INSTEAD[letter]
    if unicodedata.combining(letter):
        return ""
    bare = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode()
    return bare or "?"


def carried(text: str, encoding: str) -> bool:
    """Whether an encoding has all letters of a text.

    >>> carried("±", "cp1252"), carried("✓", "cp1252")
    (True, False)
    """
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _replaced(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return plain(error.object[error.start : error.end]), error.end


codecs.register_error(PLAIN, _replaced)
