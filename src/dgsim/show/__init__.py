"""Tables, figures and files of results, made from tables only: nothing here knows of a simulation."""
