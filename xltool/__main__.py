"""`python -m xltool`, for when the folder of scripts is not on the search path."""

import sys

from xltool.cli import main

if __name__ == "__main__":  # a process of the pool imports this module under another name
    if hasattr(sys, "frozen"):  # but one that a bundle starts begins here
        from multiprocessing import freeze_support

        freeze_support()
    sys.exit(main())
