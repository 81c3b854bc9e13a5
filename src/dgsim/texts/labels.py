"""What the model's own things are called: outcomes, services, items of a roadmap, levers' values."""

from __future__ import annotations

from dgsim.texts.table import Words
from dgsim.world.tables import ITEMS, OUTCOMES, SERVICES

PAYERS = {"centre": "figure.centre", "province": "figure.provinces"}  # by whom flows.csv has money paid, in order
_WANTED = {"higher": "report.higher", "lower": "report.lower"}
_OWN = {service.service: service for service in SERVICES} | {item.item: item for item in ITEMS}


def item_label(name: str, words: Words) -> str:
    """A service or a kind of roadmap item; what is neither is called by its name.

    >>> from dgsim.texts import words
    >>> item_label("training", words("en")), item_label("training", words("vi")), item_label("moon", words("en"))
    ('Training of specialists', 'Đào tạo nhân lực chuyên trách', 'moon')
    """
    if name not in _OWN:
        return name
    return _OWN[name].labels.get(words.language) or _OWN[name].label


def item_name(name: str, words: Words) -> str:
    """A service, a foundation or a kind of item within a list; its own name where the language has none for it.

    >>> from dgsim.texts import words
    >>> item_name("shared_platform", words("en")), item_name("shared_platform", words("vi"))
    ('shared platform', 'nền tảng dịch vụ dùng chung')
    """
    own = _OWN[name].labels.get(words.language) if name in _OWN else None
    return within(own) if own else name.replace("_", " ")


def choice_label(option: str, item: object, words: Words) -> str:
    """An option that a province weighed, with the service or foundation it is about where it is about one.

    >>> from dgsim.texts import words
    >>> choice_label("connect", "shared_platform", words("en")), choice_label("wait", None, words("vi"))
    ('connect: shared platform', 'chờ')
    """
    label = words(f"option.{option}")
    return f"{label}: {item_name(item, words)}" if isinstance(item, str) else label


def part_label(part: str, words: Words) -> str:
    """A part of the utility of an option, the noise in it, or their total.

    >>> from dgsim.texts import words
    >>> part_label("effort", words("vi"))
    'công sức'
    """
    return words(f"part.{part}")


def outcome_label(outcome: str, words: Words) -> str:
    """An outcome, as the head of a row.

    >>> from dgsim.texts import words
    >>> outcome_label("use", words("vi"))
    'Tỷ lệ sử dụng trực tuyến'
    """
    return words.of(OUTCOMES[outcome].label)


def wanted_label(direction: str, words: Words) -> str:
    """Which is better of an outcome, more of it or less; nothing where neither is.

    >>> from dgsim.texts import words
    >>> wanted_label("lower", words("en")), wanted_label("none", words("en"))
    ('less is better', '')
    """
    return words(_WANTED[direction]) if direction in _WANTED else ""


def payer_label(payer: str, words: Words) -> str:
    """Who pays, the centre or the provinces, as the head of a table.

    >>> from dgsim.texts import words
    >>> payer_label("province", words("en"))
    'Provinces'
    """
    return words(PAYERS[payer])


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
    'Niềm tin'
    """
    return words.by_key.get(f"stock.{stock}", stock.replace("_", " "))
