"""What a unit of each quantity is worth: the prices of the set of parameters that a run went by, or others.

No price and no discount rate enters what anyone does in a run: what a province is thought to weigh are hours and money
of its own. So other prices are other sums over the same runs, to the last digit what new runs would give.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dgsim.appraisals.lines import LINES
from dgsim.engine.sets import Ensemble
from dgsim.scenario import Scenario
from dgsim.world.tables import PARAMETERS
from dgsim.world.units import BVND

# Mean overrun of 1,471 IT projects (Flyvbjerg and Budzier 2011, "Why Your IT Project May Be Riskier Than You Think",
# Harvard Business Review): put on what provinces build. What the centre builds overruns in every run already, by the
# same class (`overrun_median`, `blowout_risk`, `blowout_size`).
MEAN_OVERRUN = 0.27
PROVINCIAL_BUILDING = "provincial_building"
DISCOUNT_RATE = "discount_rate"
VALUE_OF_HOUR = "value_of_hour"
PRICED = ("value_of_hour", "firm_hour", "out_of_pocket", "processing_saving", "assisting_cost")


@dataclass(frozen=True)
class Prices:
    """Prices and discount rates, one a replication.

    by_name  prices [replication], thousand VND or a factor
    rates    the discount rates [replication], a year
    """

    by_name: Mapping[str, np.ndarray]
    rates: np.ndarray

    def at(self, *, rate: float | None = None, **values: float | None) -> Prices:
        """The same with other prices, or another rate, in all replications; None leaves what is there."""
        given = {name: np.full_like(self.rates, value) for name, value in values.items() if value is not None}
        return Prices({**self.by_name, **given}, self.rates if rate is None else np.full_like(self.rates, rate))

    def times(self, factors: Mapping[str, float]) -> Prices:
        """The same with some prices multiplied."""
        return Prices({name: value * factors.get(name, 1.0) for name, value in self.by_name.items()}, self.rates)

    @property
    def weights(self) -> np.ndarray:
        """What a unit of each line's quantity is worth to whom the line is about, bvnd [replication, line]."""
        columns = []
        for line in LINES:
            price = self.by_name[line.price] if line.price else np.ones_like(self.rates)
            columns.append(price * line.sign / (BVND if line.price in ("", PROVINCIAL_BUILDING) else 1.0))
        return np.stack(columns, axis=1)


def prices_of(scenario: Scenario, parameters: Ensemble, replications: Sequence[int], bias: bool) -> Prices:
    """The prices that a scenario's replications go by; with `bias` what provinces build costs more than thought."""
    names = (*PRICED, DISCOUNT_RATE)
    rows = [{**parameters.values(replication), **scenario.assumptions} for replication in replications]
    values = {name: np.array([row.get(name, PARAMETERS[name].default) for row in rows], float) for name in names}
    rates = values.pop(DISCOUNT_RATE)
    return Prices({**values, PROVINCIAL_BUILDING: np.full_like(rates, 1.0 + MEAN_OVERRUN * bias)}, rates)
