"""Run by a launcher under Wine: notes what Python was given."""

import json
import os
import sys
from pathlib import Path

if __name__ == "__main__":
    seen = {"arguments": sys.argv[1:], "is isolated": bool(sys.flags.isolated), "has output": sys.stdout is not None}
    Path(os.environ["ECHOED"]).write_text(json.dumps(seen), encoding="utf-8")
    sys.exit(0 if len(sys.argv) == 2 else 7)  # as a browser it was given one address, and has opened it
