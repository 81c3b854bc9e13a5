"""What the model's own things are called: outcomes, services, items of a roadmap, levers' values."""

from __future__ import annotations

from dgsim.texts.table import Words
from dgsim.world.tables import ITEMS, OUTCOMES, SERVICES

PAYERS = {"centre": "figure.centre", "province": "figure.provinces"}  # by whom flows.csv has money paid, in order
_WANTED = {"higher": "report.higher", "lower": "report.lower"}
_WORTH = {"centre": PAYERS["centre"], "provinces": PAYERS["province"], "remaining life": "worth.remaining"}
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


def outcome_to(outcome: str, quarter: str, words: Words) -> str:
    """An outcome, as the head of a row, in a quarter that is told elsewhere; of money so far, to which quarter it is.

    >>> from dgsim.texts import words
    >>> outcome_to("net_benefit", "2030Q4", words("en")), outcome_to("use", "2030Q4", words("en"))
    ('Net benefit to 2030Q4', 'Use')
    """
    label = outcome_label(outcome, words)
    return words("outcome.to", label=label, quarter=quarter) if OUTCOMES[outcome].is_money_so_far else label


def outcome_and_quarter(outcome: str, quarter: str, words: Words) -> str:
    """An outcome and its quarter, as a title begins: in that quarter, or, of money so far, to it.

    >>> from dgsim.texts import words
    >>> [outcome_and_quarter(name, "2030Q4", words("en")) for name in ("net_benefit", "use")]
    ['Net benefit to 2030Q4', 'Use in 2030Q4']
    """
    if OUTCOMES[outcome].is_money_so_far:
        return outcome_to(outcome, quarter, words)
    return words("outcome.in", label=outcome_label(outcome, words), quarter=quarter)


def outcome_in(outcome: str, quarter: str, words: Words) -> str:
    """An outcome and its quarter, within a sentence or a title.

    >>> from dgsim.texts import words
    >>> outcome_in("net_benefit", "2030Q4", words("vi")), outcome_in("use", "2030Q4", words("en"))
    ('lợi ích ròng tính đến quý IV/2030', 'use in 2030Q4')
    """
    return within(outcome_and_quarter(outcome, quarter, words))


def outcome_by_quarter(outcome: str, words: Words) -> str:
    """An outcome whose quarters are all shown; of money so far, that each is counted up to its own.

    >>> from dgsim.texts import words
    >>> outcome_by_quarter("net_benefit", words("en")), outcome_by_quarter("use", words("en"))
    ('Net benefit to each quarter', 'Use')
    """
    label = outcome_label(outcome, words)
    return words("outcome.to_each", label=label) if OUTCOMES[outcome].is_money_so_far else label


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


def worth_label(name: str, words: Words) -> str:
    """What an appraisal tells apart: who, costs, benefits and transfers, and the lines of each.

    >>> from dgsim.texts import words
    >>> worth_label("provinces", words("en")), worth_label("out_of_pocket", words("vi"))
    ('Provinces', 'chi phí trực tiếp')
    """
    return words(_WORTH.get(name, f"worth.{name}"))
