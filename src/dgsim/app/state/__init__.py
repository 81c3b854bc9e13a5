"""What one person looks at: the view and its history, and what is made from it: address, file, command."""
