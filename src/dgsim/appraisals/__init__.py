"""What a plan is worth, to whom, when and where, and on which assumptions that hangs."""
