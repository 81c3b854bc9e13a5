"""What is shown, made by pure functions of a view and its runs: texts, charts, maps, tables, files to download."""
