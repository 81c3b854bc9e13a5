"""What is said to people, in every language: one table of texts, and the clauses that are filled with facts.

Who has something to tell hands over keys and numbers; here they become sentences, the same in a terminal, on a report
and in the browser. A language is a column of `strings.csv`.

>>> from dgsim.texts import LANGUAGES, words
>>> LANGUAGES["vi"], words("vi")("page.explore")
('Tiếng Việt', 'Khám phá')
"""

from __future__ import annotations

from dgsim.texts.table import ENGLISH, IN_ENGLISH, LANGUAGES, Quarter, Words, known_language, words

__all__ = ["ENGLISH", "IN_ENGLISH", "LANGUAGES", "Quarter", "Words", "known_language", "words"]
