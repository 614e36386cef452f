"""``python -m mpdt_hooks script.py [args]``: any script, live-patched."""

import sys

from mpdt_hooks.script import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
