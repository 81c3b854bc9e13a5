"""What is computed for a view in the background, and kept: runs, pairs, answers to long questions."""
