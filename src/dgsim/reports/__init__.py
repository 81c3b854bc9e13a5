"""One file to hand over: a comparison, why it comes out so, and how far to trust it, as a page that needs nothing else.

Knows the studies and the figures; only the command line knows it.
"""
