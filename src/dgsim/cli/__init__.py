"""The command line: `commands` says what can be asked, `work` does it and is loaded when a command runs."""
