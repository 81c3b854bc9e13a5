"""What we learn: runs, paired comparisons, explained choices, and the folder of results they leave.

Nothing here simulates a province: the rules live in `dgsim.world`, the compiled loop in `dgsim.engine.run`.
"""
