# make demo   sets up what is needed and shows the whole way from a blank workbook to a marked one
# make test   runs every check: format, lint, types, layers, tests
# make mutation  types every figure of every sample wrong in every way, and says how many mistakes are found
# make fuzz SECONDS=60 SEED=1  tries damaged workbooks and lists; the smallest that fails in each way is kept in .fuzz/
# make bench  measures xltool beside a plain openpyxl script and beside bare reading
# make samples  writes the sample workbooks anew, after a change of how workbooks are written

PYTHON ?= python3
BIN := .venv/bin

SECONDS ?= 60

.PHONY: demo test mutation fuzz bench samples clean

demo: .venv/ready
	$(BIN)/xltool demo demo

test: .venv/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n auto --dist loadgroup

mutation: .venv/ready
	$(BIN)/python -m tests.mutation

fuzz: .venv/ready
	$(BIN)/python -m tests.fuzz.run --seconds $(SECONDS) $(if $(SEED),--seed $(SEED))

bench: .venv/ready
	$(BIN)/python -m benchmarks.run

samples: .venv/ready
	for sample in samples/*; do \
	  $(BIN)/xltool fill "$${sample##*/}" "$$sample/facts.csv" -o "$$sample/预算.xlsx" --force || exit 1; \
	done

# A .venv that is there and works is kept; its packages are brought up to date when pyproject.toml has changed.
.venv/ready: pyproject.toml
	$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	touch $@

clean:
	rm -rf .venv build dist demo
