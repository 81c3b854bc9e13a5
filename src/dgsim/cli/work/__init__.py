"""What the commands do: call what a script calls, write a folder if one is asked for, print."""
