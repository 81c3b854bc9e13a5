"""The server of the browser view: what it hands out, to whom, and how long it waits."""
