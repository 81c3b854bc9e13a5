"""What policies and baselines are called on the screen, in files and on paper."""

from __future__ import annotations

from dgsim.app.state.view import CHANGED
from dgsim.texts import Words


def shown_name(name: str, words: Words) -> str:
    """The name of a scenario, with the word that it was changed in the language.

    >>> from dgsim.texts import words
    >>> [shown_name("staged (changed)", words(language)) for language in ("en", "vi")]
    ['staged (changed)', 'staged (đã đổi)']
    >>> shown_name("staged", words("vi"))
    'staged'
    """
    return words("name.changed", name=name.removesuffix(CHANGED)) if name.endswith(CHANGED) else name
