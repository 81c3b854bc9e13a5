"""What a user of the studies may have got wrong, told in one sentence."""

from __future__ import annotations

from dgsim.errors import StudyError

LARGEST = 2**64 - 1  # what a seed has room for


def whole_number(value: object, what: str, lowest: int) -> int:
    """The value, if it is a whole number from `lowest` to LARGEST; raises StudyError otherwise."""
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise StudyError(f"{what} = {value!r} is not a whole number")
    number = value.__index__()
    if number < lowest:
        raise StudyError(f"{what} = {number} is below {lowest}")
    if number > LARGEST:
        raise StudyError(f"{what} = {number} is above {LARGEST}")
    return number
