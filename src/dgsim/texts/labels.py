"""What the model's own things are called: outcomes, services, items of a roadmap, levers' values."""

from __future__ import annotations

from dgsim.texts.table import Words
from dgsim.world.tables import ITEMS, OUTCOMES, SERVICES

_OWN = {service.service: service for service in SERVICES} | {item.item: item for item in ITEMS}


def item_label(name: str, words: Words) -> str:
    """A service or a kind of roadmap item; what is neither is called by its name.

    >>> from dgsim.texts import words
    >>> item_label("training", words("en")), item_label("training", words("vi")), item_label("moon", words("en"))
    ('Training programme', 'Chương trình đào tạo', 'moon')
    """
    return str(words.own(_OWN[name], "label")) if name in _OWN else name


def outcome_label(outcome: str, words: Words) -> str:
    """An outcome, as the head of a row.

    >>> from dgsim.texts import words
    >>> outcome_label("use", words("vi"))
    'Mức sử dụng'
    """
    return words.of(next(row.label for row in OUTCOMES if row.outcome == outcome))


def within(label: str) -> str:
    """A label as it stands within a sentence.

    >>> within("Trust")
    'trust'
    """
    return label[:1].lower() + label[1:]


def stock_label(stock: str, words: Words) -> str:
    """A stock of provinces, as the head of a row.

    >>> from dgsim.texts import words
    >>> stock_label("trust", words("vi"))
    'Lòng tin'
    """
    return words.by_key.get(f"stock.{stock}", stock.replace("_", " "))
