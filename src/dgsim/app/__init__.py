"""The browser view: Solara pages over the same scenarios, runs and tables as the command line.

State is one frozen :class:`dgsim.app.state.view.View`; the address, the file, the undo stack, the key of the cache and
the header of every download are made from it. Pages are small components; what they show is made by pure functions.

Rooms, each knowing only those before it: `state`, `runs`, `content`, `components` (drawn by the templates of `vue`),
`pages`.
"""
