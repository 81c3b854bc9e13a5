"""Makes the types of the world's records from their tables of fields, so that editors and type checkers know them.

    python experiments/make_records.py

Run it after a change of a field in `world/state.py` or of a row in a table; a test holds the file to what it makes.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from dgsim.world import records, state
from dgsim.world.tables import PARAMETERS

FILE = Path(records.__file__)
WIDEST = 120
KINDS = {"f": ("float", "Numbers", "Grid"), "i": ("int", "Counts"), "u": ("int",)}  # alone, in a column, in a grid
HEAD = '''"""The records of a world as types: what a rule may ask of its arguments, by name.

Made by experiments/make_records.py: edit the fields in `world/state.py` or the tables, not this file. At run time these
are records of numpy arrays; the types are for editors and type checkers.
"""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Records = NDArray[Any]
Row = TypeVar("Row", covariant=True)


class Numbers(Protocol):
    """A column of a record: one number for each service, foundation, item or slot."""

    def __getitem__(self, at: int, /) -> float:
        """One of them."""
        ...

    def __setitem__(self, at: int, value: float, /) -> None:
        """Set one of them."""
        ...

    def sum(self) -> float:
        """All of them together."""
        ...


class Counts(Protocol):
    """A column of whole numbers."""

    def __getitem__(self, at: int, /) -> int:
        """One of them."""
        ...

    def __setitem__(self, at: int, value: int, /) -> None:
        """Set one of them."""
        ...


class Grid(Protocol):
    """Numbers in rows and columns."""

    @property
    def shape(self) -> tuple[int, ...]:
        """How many rows and columns."""
        ...

    def __getitem__(self, at: tuple[int, int], /) -> float:
        """One of them."""
        ...

    def __setitem__(self, at: tuple[int, int], value: float, /) -> None:
        """Set one of them."""
        ...


class Rows(Protocol[Row]):
    """Records one after the other: a record by its row, and how many there are."""

    def __getitem__(self, row: int, /) -> Row:
        """The record of a row."""
        ...

    def __len__(self) -> int:
        """How many records."""
        ...
'''


def main() -> None:
    """Write the file."""
    FILE.write_text(text(), encoding="utf-8")
    print(FILE)


def text() -> str:
    """The whole file."""
    return HEAD + "".join(
        f'\n\nclass {name}(Protocol):\n    """{about}"""\n\n' + "".join(fields) for name, about, fields in classes()
    )


def classes() -> Iterable[tuple[str, str, list[str]]]:
    """Name, meaning and fields of each type."""
    for name, about, fields, dtype in (
        ("Province", "One province.", state.PROVINCE_FIELDS, state.PROVINCE),
        ("Nation", "The centre, and what is common to all.", state.NATION_FIELDS, state.NATION),
        ("Open", "What the province that chooses weighs.", state.OPEN_FIELDS, state.OPEN),
        ("PlanItem", "One item of the roadmap.", state.ROADMAP_FIELDS, state.ROADMAP),
        ("Choice", "One option that was weighed.", state.CHOICE_FIELDS, state.CHOICE),
        ("PanelLine", "The stocks of one province when the books are closed.", state.PANEL_FIELDS, state.PANEL),
    ):
        yield name, about, [field(f.name, dtype, f"{f.meaning} ({f.unit})" if f.unit else f.meaning) for f in fields]
    told = {p.name: f"{p.label} ({p.unit})" if p.unit else p.label for p in PARAMETERS}
    for name, about, dtype in (
        ("Policy", "The levers in force.", state.POLICY),
        ("Assumptions", "Uncertainties and constants.", state.ASSUMPTIONS),
        ("Catalogue", "The table of services, a column of one value a service.", state.CATALOGUE),
        ("ItemTable", "The table of items, a column of one value an item.", state.ROADMAP_TABLE),
    ):
        yield name, about, [field(column, dtype, told.get(column, "")) for column in dtype.names or ()]


def field(name: str, dtype: np.dtype, meaning: str) -> str:
    """One field: what it is, its name and its type."""
    kind = dtype[name]
    typed = f"    {name}: {KINDS[kind.base.kind][len(kind.shape)]}"
    told = f"{typed}  # {meaning}" if meaning else typed
    return f"{told}\n" if len(told) <= WIDEST else f"    # {meaning}\n{typed}\n"


if __name__ == "__main__":
    main()
