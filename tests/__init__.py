"""What every test may use: where the project and the tests' own data lie."""

from pathlib import Path

ROOT = Path(__file__).parent.parent
CASE_FILES = ROOT / "tests" / "cases"
TEMPLATES = ROOT / "tests" / "templates"
