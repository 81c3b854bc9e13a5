"""The story of one province: money, staff, services, whom it watches, and why it chose what it chose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from dgsim.app.content.names import shown_name
from dgsim.app.content.tables import Twin
from dgsim.app.runs.cache import CachedRuns
from dgsim.app.state.view import View
from dgsim.country import load_country, peer_weights
from dgsim.engine.setup import PEER_WEIGHTS
from dgsim.numbers import fixed_text, number_text, unit_text
from dgsim.study.catalogue import STOCKS
from dgsim.study.why import Why, starts, why
from dgsim.texts import Quarter, Words
from dgsim.texts.labels import choice_label, part_label
from dgsim.world.state import UTILITY_PARTS

CHAPTERS = {
    "theme.money": ("received", "granted", "spent", "lapsed", "duplication", "cash"),
    "theme.staff": (
        *("specialists", "trained", "trained_to_private", "trained_to_provinces", "contractors", "dependence"),
    ),
    "theme.services": (
        *("supply", "use", "own_platforms", "shared_platforms", "redesigned", "trust", "reported_index", "real_index"),
    ),
}
PEERS_SHOWN = 6
OPTIONS_SHOWN = 8
WEIGHED = (*UTILITY_PARTS, "noise", "total")


def chapters(view: View, policy: CachedRuns, baseline: CachedRuns, words: Words) -> Twin:
    """Stocks of the province at the quarter that is shown: under the policy and under the baseline."""
    province, at = load_country().index(view.province), view.at
    rows: list[tuple[str, ...]] = []
    for key, names in CHAPTERS.items():
        for name in names:
            values = [float(runs.stock(name)[at, province]) for runs in (policy, baseline)]
            stock = STOCKS[name]
            texts = [number_text(value, stock.unit, language=words.language) for value in values]
            label = f"{words(key)}: {words.of(stock.meaning)}"
            rows.append((label, *texts, words.of(unit_text(stock.unit))))
    sides = (shown_name(one.name, words) for one in (view.policy, view.baseline))
    columns = ("", *sides, words("word.unit"))
    return Twin(words("story.stocks", quarter=view.at_text), columns, tuple(rows))


def peers(view: View, policy: CachedRuns, words: Words) -> Twin:
    """Whom the province watches most, and how far they are."""
    country = load_country()
    mixture = {name: view.policy.lever(name) for name in PEER_WEIGHTS}
    graph = peer_weights(country, mixture)
    ties = sorted(graph[country.codes[country.index(view.province)]].items(), key=lambda tie: -tie[1]["weight"])
    names = words.own(country, "names")
    rows = []
    for code, tie in ties[:PEERS_SHOWN]:
        row = country.index(code)
        use, supply = (float(policy.stock(stock)[view.at, row]) for stock in ("use", "supply"))
        shares = (number_text(share, "share", language=words.language) for share in (tie["weight"], use, supply))
        rows.append((names[row], *(f"{share} %" for share in shares)))
    columns = (words("story.peer"), words("story.weight"), words.of("Use"), words.of("Supply"))
    return Twin(words("story.peers"), columns, tuple(rows))


def choice(view: View) -> Why:
    """What the province weighed in the quarter that is shown, in the first of the runs."""
    return why(view.policy, view.province, view.at_text, seed=view.seed, parameters=view.parameters)


def choice_twin(reason: Why, words: Words) -> Twin:
    """The options of one choice, best first, with what spoke for each."""
    table = reason.options
    started = table[table["started"] > 0]
    kept = table[(table.index < OPTIONS_SHOWN) | (table["started"] > 0)]
    columns = (
        words("why.option"),
        words("why.started"),
        *(part_label(part, words) for part in WEIGHED),
    )
    rows = tuple(_option_row(row, words) for row in kept.to_dict("records"))
    caption = words("why.caption", count=len(started), quarter=reason.quarter)
    return Twin(caption, columns, rows)


def _option_row(row: dict[Any, Any], words: Words) -> tuple[str, ...]:
    numbers = [fixed_text(row[part], 2, signed=True, language=words.language) for part in WEIGHED]
    return choice_label(row["option"], row["item"], words), str(row["started"] or ""), *numbers


def history(view: View) -> pd.DataFrame:
    """All that the province started in the first of the runs."""
    return starts(view.policy, view.province, seed=view.seed, parameters=view.parameters)


def until(started: pd.DataFrame, quarter: str) -> pd.DataFrame:
    """What was started up to a quarter and in it."""
    return started[started["quarter"] <= quarter]


def history_twin(started: pd.DataFrame, quarter: str, words: Words) -> Twin:
    """What the province started up to a quarter, the latest first."""
    rows = tuple((Quarter(row["quarter"]), _option_row(row, words)[0]) for row in started.iloc[::-1].to_dict("records"))
    return Twin(
        words("story.started", count=len(rows), quarter=quarter), (words("word.quarter"), words("why.option")), rows
    )


def why_sentences(reason: Why, before: pd.DataFrame, words: Words) -> list[str]:
    """How many projects were started so far, and for each that was in the quarter of a choice what spoke for it most
    (two parts), and against it.

    Where none was, the same of the last one `before` (a table as `history` gives it), and that now it waited.
    """
    so_far = until(before, reason.quarter)
    first = words("why.so_far", quarter=reason.quarter, count=len(so_far))
    now = [_why_sentence(row, "why.sentence", words) for row in reason.started().to_dict("records")]
    if now:
        return [first, *now]
    last = so_far.tail(1).to_dict("records")
    waited = words("why.none", quarter=reason.quarter)
    return [first, *(_why_sentence(row, "why.last", words) for row in last), waited]


def _why_sentence(row: dict[Any, Any], key: str, words: Words) -> str:
    """What spoke most for a project, and most against it."""
    parts = sorted(UTILITY_PARTS, key=lambda part: -row[part])
    pros = [part_label(part, words) for part in parts[:2] if row[part] > 0]
    con = parts[-1] if row[parts[-1]] < 0 else None
    return words(
        key,
        option=_option_row(row, words)[0],
        pros=_and(pros, words) or words("why.nothing"),
        con=part_label(con, words) if con else words("why.nothing"),
        **({"quarter": row["quarter"]} if "quarter" in row else {}),
    )


def _and(texts: Sequence[str], words: Words) -> str:
    return words("list.and").join(texts)
