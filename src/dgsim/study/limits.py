"""How much work is begun unasked: what would take longer, or leave more behind, is refused with the estimate."""

from __future__ import annotations

from dgsim.errors import StudyError, asked

MOST_SECONDS, MOST_BYTES = 86_400.0, 10e9  # a day, 10 GB
SECONDS_A_DAY, BYTES_A_GB = 86_400.0, 1e9
# Runs times provinces times quarters that are never near a limit: minutes, or a few GB where provinces are kept.
SURE, SURE_OF_PROVINCES = 10**9, 10**7


def is_sure(runs: int, provinces: int, quarters: int, *, keep: bool = False) -> bool:
    """Whether so much work is so far below the limits that nothing need be measured.

    >>> is_sure(200_000, 63, 44), is_sure(200_000, 63, 44, keep=True), is_sure(10**9, 63, 44)
    (True, False, False)
    """
    return runs * provinces * quarters <= (SURE_OF_PROVINCES if keep else SURE)


def check_limits(name: str, runs: int, seconds: float, stored: float = 0.0) -> None:
    """Raise StudyError, with the estimate and the way to go on all the same, where work is above a limit.

    >>> check_limits("small", 1000, 5.0)
    >>> try:
    ...     check_limits("large", 10**9, 8.64e7, 1.08e11)
    ... except StudyError as error:
    ...     print(str(error).partition("; ")[0])
    large: makes 1,000,000,000 runs, some 1,000.0 days and 108.0 GB on this machine
    """
    if seconds <= MOST_SECONDS and stored <= MOST_BYTES:
        return
    size = f" and {stored / BYTES_A_GB:,.1f} GB" if stored else ""
    raise StudyError(
        f"{name}: makes {runs:,} runs, some {seconds / SECONDS_A_DAY:,.1f} days{size} on this machine; what takes more "
        f"than a day or {MOST_BYTES / BYTES_A_GB:.0f} GB is begun with {asked('any_size')} only"
    )
