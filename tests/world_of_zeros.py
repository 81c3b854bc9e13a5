"""A world in which every number is zero but those a test names: what single rules are tested on."""

from __future__ import annotations

import numba
import numpy as np
import pytest

from dgsim.world.state import (
    ASSUMPTIONS,
    CATALOGUE,
    CHOICE,
    ITEM_ROWS,
    NATION,
    NO_QUARTER,
    OPEN,
    POLICY,
    PROVINCE,
    ROADMAP,
    ROADMAP_TABLE,
    State,
    World,
)
from dgsim.world.tables import PARAMETERS

RECORDS = dict(zip(World._fields, (NATION, POLICY, ASSUMPTIONS, CATALOGUE, ROADMAP_TABLE, OPEN), strict=True))
DIGITAL_ID, PAYMENTS = ITEM_ROWS["digital_id"], ITEM_ROWS["payments"]
approx = pytest.approx
slow_when_plain = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="thousands of draws; run with compiled rules")
ASSUMED = {  # what is thought before the fit, so that a fit breaks no test of a rule
    parameter.name: parameter.default if parameter.prior is None else parameter.prior
    for parameter in PARAMETERS
    if parameter.role != "lever"
}


def world_of_zeros(provinces: int = 1, roadmap: int = 0, choices: int = 0, quarters: int = 1, **values) -> State:
    """Records of zeros, levers off, assumptions those of the table; but `values`, by name; provinces of mean size.

    One dossier a head is what all use is divided by, of provinces and of ministries.
    """
    records = {name: np.zeros(1, dtype).view(np.recarray) for name, dtype in RECORDS.items()}
    records["nation"]["dossiers"] = 1.0  # the catalogue has a column of this name too
    off = {"mandate_deadline": NO_QUARTER, "watch_province": -1, "watch_quarter": -1, "central_dossiers": 1.0}
    for name, value in {**ASSUMED, **off, "provinces": provinces, **values}.items():
        (home,) = (record for record in records.values() if name in record.dtype.names)
        home[name] = value
    people = np.zeros(provinces, PROVINCE).view(np.recarray)
    people.scale = people.effort_by_size = people.difficulty_by_size = 1.0
    return State(
        provinces=people,
        roadmap=np.zeros(roadmap, ROADMAP).view(np.recarray),
        choices=np.zeros(choices, CHOICE).view(np.recarray),
        policies=np.repeat(records["policy"], quarters).view(np.recarray),
        policy=records["policy"],
        peer_start=np.zeros(provinces + 1, np.int64),
        peer_index=np.zeros(0, np.int64),
        peer_weight=np.zeros(0),
        world=World(**{name: record[0] for name, record in records.items()}),
    )


def province_and_world(**values):
    """One province, and the world around it."""
    state = world_of_zeros(**values)
    return state.provinces[0], state.world
