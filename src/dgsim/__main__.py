"""``python -m dgsim``: the same as the command ``dgsim``."""

import sys

from dgsim.cli import main

sys.exit(main())
