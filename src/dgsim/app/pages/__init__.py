"""The pages: a module for each row of `state/pages.py`, with a component `Page`; and Mesa's own page of agents."""
