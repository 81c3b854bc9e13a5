"""What files of Word and Excel have in common: the same bytes for the same report, and texts they can carry."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

MAKER = "dgsim"  # as whose work they tell themselves; by it an earlier report is known
WRITTEN = datetime(2020, 1, 1)  # a report has no date of its own: the first day of its runs stands for it
PACKED = (1980, 1, 1, 0, 0, 0)  # the first date that a zip file knows
LONGEST_TITLE = 255  # letters of a title in the properties of a file
UNSAID = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML cannot carry
BLANK = "\ufffd"  # what stands for a letter that cannot be carried


def carried(text: str) -> str:
    r"""The text with a sign in the place of each letter that XML cannot carry.

    >>> carried("a\x00b") == "a\ufffdb", carried("đúng")
    (True, 'đúng')
    """
    return UNSAID.sub(BLANK, text)


def title_carried(text: str) -> str:
    """A title as the properties of a file take it: on one line, and not too long."""
    return " ".join(carried(text).split())[:LONGEST_TITLE]


def packed(raw: bytes, changed: Callable[[str, bytes], bytes] = lambda name, part: part) -> bytes:
    """The zip file with fixed dates, so that the same parts make the same bytes; each part as `changed` makes it."""
    again = BytesIO()
    with ZipFile(BytesIO(raw)) as old, ZipFile(again, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            about = ZipInfo(name, PACKED)
            about.compress_type = ZIP_DEFLATED
            new.writestr(about, changed(name, old.read(name)))
    return again.getvalue()
