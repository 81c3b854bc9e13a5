"""What can be asked on the command line, one file a family: options, help and examples, as light data."""
