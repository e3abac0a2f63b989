"""``python -m reliability soak``."""

from __future__ import annotations

import sys

from reliability.kills import killed
from reliability.tally import print_tallies

if __name__ == "__main__":
    sys.exit(print_tallies([killed(int(sys.argv[1]), int(sys.argv[2]))]))
