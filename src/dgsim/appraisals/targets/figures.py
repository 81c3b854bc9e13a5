"""Through whose eyes an indicator is seen: as provinces report it, as the year's audits left it, or as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dgsim.errors import StudyError, did_you_mean
from dgsim.study.catalogue import STOCKS
from dgsim.world.tables import OUTCOME_NAMES, OUTCOMES

REPORTED, AUDITED, TRUE = "reported", "audited", "true"
VIEWS = (REPORTED, AUDITED, TRUE)


@dataclass(frozen=True)
class Figure:
    """What the model keeps of it: an outcome or a stock of provinces, from which another is taken away.

    `of` is the share of provinces that must hold it, of which the last counts; None where it is the nation's.
    """

    name: str
    less: str = ""
    of: float | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The outcomes or stocks it is made from."""
        return (self.name, self.less) if self.less else (self.name,)

    @property
    def is_outcome(self) -> bool:
        """Whether it is made from outcomes alone; otherwise the stocks of provinces are needed."""
        return self.of is None and all(name in OUTCOMES.names for name in self.names)


# Where provinces report one figure and another is true: of the nation (from outcomes, else the mean of provinces
# weighted by people), and of a province. What is not here is counted by the model itself and seen as true only.
SEEN: Mapping[str, Mapping[str, tuple[Figure, Figure]]] = {
    "use": {
        REPORTED: (Figure("use_full_process"), Figure("use_full_process")),
        AUDITED: (Figure("claimed_use"), Figure("claimed_use")),
        TRUE: (Figure("use"), Figure("use")),
    },
    "use_any_step": {
        REPORTED: (Figure("use_any_step"), Figure("use_any_step")),
        TRUE: (Figure("use_any_step", "assisted_share"), Figure("use_any_step", "assisted_share")),
    },
    "use_of_ministries": {
        REPORTED: (Figure("full_process_of_ministries"), Figure("full_process_of_ministries")),
        TRUE: (Figure("use_of_ministries"), Figure("use_of_ministries")),
    },
    "reported_index": {
        REPORTED: (Figure("reported_index"), Figure("reported_index")),
        TRUE: (Figure("reported_index", "reporting_gap"), Figure("real_index")),
    },
}
PUBLISHED_OF = {  # what is itself one way to see another indicator
    "use_full_process": "use",
    "claimed_use": "use",
    "full_process_of_ministries": "use_of_ministries",
    "real_index": "reported_index",
    "published_index": "reported_index",
}


def views_of(indicator: str) -> tuple[str, ...]:
    """How an indicator can be seen.

    >>> views_of("use"), views_of("trust")
    (('reported', 'audited', 'true'), ('true',))
    """
    return tuple(SEEN[indicator]) if indicator in SEEN else (TRUE,)


def check_indicator(indicator: str, seen_as: str, of: float | None) -> None:
    """Raise StudyError, with the sentence's end after the key, where the model has no such figure."""
    known: tuple[str, ...] = OUTCOME_NAMES if of is None else tuple(STOCKS)
    if indicator not in known:
        raise StudyError(_unknown(indicator, of))
    if seen_as not in views_of(indicator):
        only = " or ".join(views_of(indicator))
        raise StudyError(f"seen as {seen_as} does not exist: {_why_not(indicator, seen_as)}; write seen_as = {only}")


def figure(indicator: str, seen_as: str, of: float | None = None) -> Figure:
    """The figure of an indicator that is seen in a way.

    >>> figure("use", "reported"), figure("trust", "true", 1.0)
    (Figure(name='use_full_process', less='', of=None), Figure(name='trust', less='', of=1.0))
    """
    if indicator not in SEEN:
        return Figure(indicator, of=of)
    national, provincial = SEEN[indicator][seen_as]
    return national if of is None else Figure(provincial.name, provincial.less, of)


def both_sides(indicator: str, of: float | None = None) -> tuple[Figure, Figure] | None:
    """What is reported and what is true, where these are two figures."""
    if indicator not in SEEN:
        return None
    return figure(indicator, REPORTED, of), figure(indicator, TRUE, of)


def unit_of(indicator: str) -> str:
    """The unit of an outcome or a stock of provinces."""
    return OUTCOMES[indicator].unit if indicator in OUTCOMES.names else STOCKS[indicator].unit


def _unknown(indicator: str, of: float | None) -> str:
    if of is None and indicator in STOCKS:
        return 'is a stock of provinces: say how many must hold it, such as of = "every province" or of = 0.8'
    if of is not None and indicator in OUTCOMES.names:
        return "is an outcome of the nation, and provinces have no such stock: leave out of"
    known = OUTCOME_NAMES if of is None else tuple(STOCKS)
    return f"is no {'outcome' if of is None else 'stock of provinces'}{did_you_mean(indicator, known)}"


def _why_not(indicator: str, seen_as: str) -> str:
    if indicator in PUBLISHED_OF:
        return f"{indicator} is itself one way to see {PUBLISHED_OF[indicator]}"
    if indicator == "reported_index":
        return "what audits strike off is out of the reported index already"
    if indicator in SEEN:
        return f"audits strike nothing off {indicator}"
    return f"provinces do not report {indicator}, the model counts it"
