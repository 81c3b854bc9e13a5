"""What is written: a folder of results, what belongs into it, and records as JSON and CSV."""
