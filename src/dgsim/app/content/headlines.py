"""Headline numbers: the level, the paired difference, and whether it is for the better."""

from __future__ import annotations

from typing import Any

from dgsim.app.content.charts import column_and_outcome
from dgsim.app.content.names import shown_name
from dgsim.app.runs.cache import Pair
from dgsim.numbers import difference_text, number_text, unit_text
from dgsim.scenario.calendar import quarter_text
from dgsim.show.terminal.tables import SIGNS
from dgsim.study.compare import paired_interval
from dgsim.study.materiality import BETTER, UNCLEAR, WORSE, verdict
from dgsim.texts import Words
from dgsim.texts.labels import outcome_to

HEADLINES = (
    "use",
    "supply",
    "net_benefit",
    "gap_p90_p10",
    "reporting_gap",
    "duplication_spend",
    "trust",
    "specialists",
)
BALANCE = "net_benefit"  # below nought it is a loss


def cards_of(pair: Pair, quarter: int, words: Words, names: tuple[str, ...] = HEADLINES) -> list[dict[str, Any]]:
    """A card an outcome, at a quarter (an index)."""
    interval = paired_interval(pair.difference[:, quarter])
    same = pair.key[0] == pair.key[1]
    return [_card(name, pair, quarter, interval, same, words) for name in names]


def _card(name: str, pair: Pair, quarter: int, interval: Any, same: bool, words: Words) -> dict[str, Any]:
    column, outcome = column_and_outcome(name)
    level = float(pair.policy.outcomes[:, quarter, column].mean())
    difference, low, high = (float(interval[key][column]) for key in ("difference", "low", "high"))
    called = UNCLEAR if same else verdict(outcome, difference, low, high) or UNCLEAR
    apart = difference_text(difference, (high - low) / 2, outcome.unit, language=words.language)
    return {
        "name": name,
        "label": outcome_to(name, quarter_text(quarter), words),
        "value": number_text(level, outcome.unit, language=words.language),
        "unit": words.of(unit_text(outcome.unit)),
        "delta": words("word.same") if same else apart,
        "mark": "" if same else SIGNS[called],
        "word": "" if same else words(f"mark.{_word(called, level, difference, name)}"),
        "kind": called if called in (BETTER, WORSE) else UNCLEAR,
    }


def money_note(baseline: str, words: Words) -> str:
    """To when money is counted, and what it is compared with, as a sentence of its own."""
    text = words("note.money_against", about=words("note.money_to"), baseline=shown_name(baseline, words))
    return f"{text[0].upper()}{text[1:]}."


def _word(called: str, level: float, difference: float, name: str) -> str:
    """What the verdict is called: of two losses the better one is a smaller loss, and no gain.

    >>> [_word(called, level, apart, "net_benefit") for called, level, apart in (
    ...     (BETTER, -2163.0, 970.0), (WORSE, -10.0, -5.0), (BETTER, 5.0, 10.0))]
    ['smaller_loss', 'larger_loss', 'better']
    """
    losses = name == BALANCE and level < 0.0 and level - difference < 0.0
    return {BETTER: "smaller_loss", WORSE: "larger_loss"}.get(called, called) if losses else called
