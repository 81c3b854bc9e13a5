"""One country, frozen: its provinces, their figures, borders, polygons, and what was observed there."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dgsim.country.schema import FORM, NUMBER_COLUMNS, Column, columns_of
from dgsim.errors import CountryError, did_you_mean

if TYPE_CHECKING:
    import pandas

Point = tuple[float, float]
Ring = tuple[Point, ...]
Rows = tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class Inset:
    """Islands far from the coast, drawn as dots in a frame of their own, in the colour of their province.

    Attributes
    ----------
    name, name_vi : str
        What they are called, in English and in the country's own language.
    row : int
        The province they belong to.
    points : tuple of (float, float)
        Longitude and latitude of each dot, in degrees.
    """

    name: str
    name_vi: str
    row: int
    points: tuple[Point, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Country:
    """Provinces in row order; every tuple and array has one entry a province unless it says otherwise.

    Attributes
    ----------
    name : str
        What it is called.
    vintage : str
        Which division into provinces.
    synthetic : bool
        Whether it is made up.
    currency : str
        Of all money.
    codes, iso_codes : tuple of str
        Of the provinces.
    names, names_vi : tuple of str
        Of the provinces, in English and in their own language.
    types, regions : tuple of str
        What kind of province it is, and where it lies.
    numbers : ndarray
        Float64 [number column, province], read-only, units as in `columns`; `column` reads one.
    borders : tuple of (int, int, float)
        Row, row and km for each pair that shares a border, the lower row first.
    observations : tuple
        Rows of `observed.csv`; `observed` gives them as a table.
    mergers : tuple
        Rows of `merger.csv`; `merger` gives them as a table.
    nation : tuple
        Rows of `national.csv`; `national` gives them as a table.
    outlines : tuple or None
        Each province's exterior rings of (longitude, latitude); None where there are no polygons.
    inset_points : tuple
        Rows of `insets.csv`; `insets` gives them as islands.
    columns : tuple of Column
        Unit, year, publisher and note of every column of every table.

    Examples
    --------
    >>> from dgsim import load_country
    >>> country = load_country()
    >>> country.names[country.index("Hà Giang")], int(country.column("population_2019").sum())
    ('Ha Giang', 96208984)
    """

    name: str
    vintage: str
    synthetic: bool
    currency: str
    codes: tuple[str, ...]
    iso_codes: tuple[str, ...]
    names: tuple[str, ...]
    names_vi: tuple[str, ...]
    types: tuple[str, ...]
    regions: tuple[str, ...]
    numbers: NDArray[np.float64]
    borders: tuple[tuple[int, int, float], ...]
    observations: Rows = ()
    mergers: Rows = ()
    nation: Rows = ()
    outlines: tuple[tuple[Ring, ...], ...] | None = None
    inset_points: Rows = ()
    columns: tuple[Column, ...] = FORM

    def __post_init__(self) -> None:
        frozen = np.array(self.numbers, dtype=np.float64)
        frozen.setflags(write=False)
        object.__setattr__(self, "numbers", frozen)

    def __len__(self) -> int:
        return len(self.codes)

    def __repr__(self) -> str:
        return f"Country({self.name!r}, {len(self)} provinces, {self.vintage})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Country):
            return NotImplemented
        mine, theirs = self._facts(), other._facts()
        return all(mine[key] == theirs[key] for key in mine if key != "numbers") and np.array_equal(
            self.numbers, other.numbers, equal_nan=True
        )

    def __hash__(self) -> int:
        return hash((self.name, self.vintage, self.codes))

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled by its facts, so that a copy in another process is read-only too."""
        return Country, tuple(self._facts().values())

    def _facts(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def column(self, name: str) -> NDArray[np.float64]:
        """A numeric column of `provinces.csv`.

        Parameters
        ----------
        name : str
            Its heading.

        Returns
        -------
        ndarray
            Read-only float64 [province], in the unit of the table; NaN where the cell is blank.

        Raises
        ------
        CountryError
            If there is no such column.
        """
        if name not in NUMBER_COLUMNS:
            raise CountryError(f"{self.name}: no numeric column {name!r}{did_you_mean(name, NUMBER_COLUMNS)}")
        values: NDArray[np.float64] = self.numbers[NUMBER_COLUMNS.index(name)]
        return values

    @cached_property
    def region_names(self) -> tuple[str, ...]:
        """The regions, each once, in alphabetical order."""
        return tuple(sorted(set(self.regions)))

    @cached_property
    def region_index(self) -> NDArray[np.int64]:
        """The number of each province's region in `region_names`: int64 [province], read-only."""
        index = np.array([self.region_names.index(region) for region in self.regions], dtype=np.int64)
        index.setflags(write=False)
        return index

    def index(self, text: str) -> int:
        """The row of a province.

        Parameters
        ----------
        text : str
            Its code, ISO code or name; case and accents do not matter.

        Returns
        -------
        int
            The row, from 0.

        Raises
        ------
        CountryError
            If there is none; offers the nearest name.

        Examples
        --------
        >>> from dgsim import load_country
        >>> load_country().index("da nang") == load_country().index("VN-DN") == load_country().index("48")
        True
        """
        row = self._rows.get(plain(str(text)))
        if row is None:
            near = did_you_mean(str(text), self.codes + self.names, key=plain)
            raise CountryError(f"{self.name}: no province {text!r}{near}")
        return row

    @cached_property
    def _rows(self) -> dict[str, int]:
        labels = (self.codes, self.iso_codes, self.names, self.names_vi)
        return {plain(text): row for column in labels for row, text in enumerate(column) if text}

    def geometry(self) -> dict[str, list[list[tuple[float, float]]]] | None:
        """The polygons of the provinces.

        Returns
        -------
        dict or None
            Code -> exterior rings of (longitude, latitude), clockwise and closed; None without polygons. A ring goes as
            it is into matplotlib's `PolyCollection` or, its points joined with "L", into an SVG path.
        """
        if self.outlines is None:
            return None
        return {code: [list(ring) for ring in rings] for code, rings in zip(self.codes, self.outlines, strict=True)}

    @cached_property
    def insets(self) -> tuple[Inset, ...]:
        """The islands that maps show in frames of their own, in the order of `insets.csv`; none where it is missing."""
        points: dict[tuple[str, str, str], list[Point]] = {}
        for name, own, _, code, longitude, latitude, _ in self.inset_points:
            points.setdefault((name, own or name, code), []).append((longitude, latitude))
        return tuple(
            Inset(name, own, self.codes.index(code), tuple(dots)) for (name, own, code), dots in points.items()
        )

    def observed(self) -> pandas.DataFrame:
        """What was measured in provinces.

        Returns
        -------
        DataFrame
            `province_code, indicator, year, value, source`; may have no rows.
        """
        return self._frame("observed", self.observations)

    def merger(self) -> pandas.DataFrame:
        """Which province became part of which.

        Returns
        -------
        DataFrame
            `old_code, new_code, new_name_en, new_name_vi, new_type`; may have no rows.
        """
        return self._frame("merger", self.mergers)

    def national(self) -> pandas.DataFrame:
        """Dated facts of the whole country.

        Returns
        -------
        DataFrame
            `indicator, when, value, unit, source`; may have no rows.
        """
        return self._frame("national", self.nation)

    @staticmethod
    def _frame(table: str, rows: Rows) -> pandas.DataFrame:
        import pandas

        return pandas.DataFrame(rows, columns=[column.column for column in columns_of(table)])


def plain(text: str) -> str:
    """Letters and digits only, lower case, without accents: how names are compared.

    >>> plain("Bà Rịa - Vũng Tàu"), plain("Đắk Lắk")
    ('bariavungtau', 'daklak')
    """
    letters = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(letter for letter in letters if letter.isalnum())
