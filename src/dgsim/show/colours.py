"""The colours of scenarios, told apart by colour-blind eyes: Okabe and Ito (2008)."""

from __future__ import annotations

BLUE, VERMILION, GREEN = "#0072B2", "#D55E00", "#009E73"
PURPLE, ORANGE, SKY = "#CC79A7", "#E69F00", "#56B4E9"
HUES = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY)
DARK = "#444444"
