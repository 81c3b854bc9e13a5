"""Tables and figures, made from tables only: nothing here knows of a simulation."""
