"""What to do with what was learned: why futures differ, what order is worth, what binds, which plan is robust.

Every study here runs its scenarios on the same luck and the same sets of plausible parameters, so that a difference
between two of them is the policy; every number comes with an interval. Nothing here draws or prints.
"""
