"""Who: the provinces of a country, their figures, borders, polygons and peers, read from checked tables."""

from dgsim.country.country import Country
from dgsim.country.loading import load_country
from dgsim.country.peers import check_mixture, peer_arrays, peer_weights
from dgsim.country.synthetic import synthetic_country
from dgsim.country.writing import write_country
from dgsim.errors import CountryError

__all__ = [
    "Country",
    "CountryError",
    "check_mixture",
    "load_country",
    "peer_arrays",
    "peer_weights",
    "synthetic_country",
    "write_country",
]
