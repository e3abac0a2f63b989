"""``python -m ketatui`` is ``ketatui``."""

import sys

from ketatui.cli import main

if __name__ == "__main__":
    sys.exit(main())
