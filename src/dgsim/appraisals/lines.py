"""The lines of the accounts: who bears or gains what, from which quantity, at which price.

The table beside this module is their one home. A quantity is what a run records; its price is a parameter of the model,
or 1 where it is money already, so that other prices need no other runs.

>>> from dgsim.appraisals.lines import LINES, WHO
>>> WHO, sum(line.sign for line in LINES if line.line == "fees")
(('centre', 'provinces', 'citizens', 'firms'), 0)
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dgsim.world.savings import SAVINGS
from dgsim.world.tables import ACCOUNTS

COSTS, BENEFITS, TRANSFERS = WHAT = ("costs", "benefits", "transfers")
CENTRE, PROVINCES = "centre", "provinces"
LOCAL = (*(f"{PROVINCES} {account}" for account in ACCOUNTS), *SAVINGS)  # recorded in every province
QUANTITIES = (*(f"{CENTRE} {account}" for account in ACCOUNTS), *LOCAL)
BUILT = tuple(f"{who} building" for who in (CENTRE, PROVINCES))
ENDS = (*BUILT, *(f"{who} grants" for who in (CENTRE, PROVINCES)))  # is decided anew: no part of a remaining life


@dataclass(frozen=True)
class Line:
    """One line of the accounts.

    who       centre, provinces, citizens or firms
    what      costs, benefits or transfers
    line      what it is
    quantity  what a run records of it, one of QUANTITIES
    price     a parameter (thousand VND), or "provincial_building", a factor; empty where it is money as it stands
    sign      1 where it is a gain to them, -1 where it is a loss
    """

    who: str
    what: str
    line: str
    quantity: str
    price: str
    sign: int


def _read() -> tuple[Line, ...]:
    with (Path(__file__).parent / "tables" / "accounts.csv").open(encoding="utf-8", newline="") as file:
        return tuple(Line(sign=int(row.pop("sign")), **row) for row in csv.DictReader(file))


LINES = _read()
WHO = tuple(dict.fromkeys(line.who for line in LINES))
PRICES = tuple(dict.fromkeys(line.price for line in LINES if line.price))
QUANTITY_OF = np.array([QUANTITIES.index(line.quantity) for line in LINES])  # of each line
IN_PROVINCES = np.array([line.who != CENTRE for line in LINES])
LOCAL_OF = np.array([LOCAL.index(line.quantity) for line in LINES if line.who != CENTRE])
REMAINS = np.array([quantity not in ENDS for quantity in QUANTITIES], float)
LOCAL_REMAINS = np.array([quantity not in ENDS for quantity in LOCAL], float)
WHAT_OF = {what: np.array([line.what == what for line in LINES]) for what in WHAT}
