"""`python -m xltool`, for when the folder of scripts is not on the search path."""

import sys

from xltool.cli import main

sys.exit(main())
