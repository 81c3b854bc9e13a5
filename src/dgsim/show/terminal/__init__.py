"""What is read in a terminal: tables of 100 columns, a bar with the time left, word of the pace of long work."""
