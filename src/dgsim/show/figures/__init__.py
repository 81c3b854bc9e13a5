"""Figures made with matplotlib, one file a kind; `style` holds the look they share and how they are saved."""
