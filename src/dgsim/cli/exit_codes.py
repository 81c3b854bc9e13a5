"""What a command tells the shell when it is not simply done."""

DIFFERENT = 1  # a sweep that, run again, is not the same
NOT_MET = 1  # a challenge that is not met
BAD_INPUT = 2
INTERRUPTED = 130  # after Ctrl-C
