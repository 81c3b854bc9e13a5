"""``python -m dgsim``: the same as the command ``dgsim``."""

import sys

from dgsim.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
