"""``python -m mpdt``."""

from mpdt.cli import main

if __name__ == "__main__":
    main()
