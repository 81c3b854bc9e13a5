"""Who: the provinces of a country, their figures, borders, polygons and peers, read from checked tables."""

from .country import Country
from .errors import CountryError
from .loading import load_country
from .peers import check_mixture, peer_arrays, peer_weights
from .synthetic import synthetic_country
from .writing import write_country

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
