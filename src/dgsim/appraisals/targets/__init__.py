"""Whether plans meet what was decided: files of targets, the chance to meet each, and what it would take."""
