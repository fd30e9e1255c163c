# make demo   sets up what is needed and shows the whole way from a blank workbook to a marked one
# make test   runs every check: format, lint, types, layers, tests; with the versions in constraints.txt
# make test-newest, make test-oldest  run them with the newest and the oldest versions that pyproject.toml allows
# make docs   writes the tables of the documents from the commands and the rules
# make pictures  takes the pictures of the manual anew, after a change of what they show
# make addin  builds xltool.xlam, the ribbon's add-in, anew after a change of its sources in addin/
# make bundle  makes the folders that run without Python, for Windows and for Linux, in dist/: see docs/部署.md
# make constraints  takes the newest versions into constraints.txt
# make judge SEED=1 CASES=4  puts mistakes of every kind into budgets, and measures how they are told
# make fuzz SECONDS=60 SEED=1  tries damaged workbooks and lists; the smallest that fails in each way is kept in .fuzz/
# make bench  measures xltool beside a plain openpyxl script and beside bare reading
# make bench-merge  measures xltool merge beside a plain script, on 100, 300 and 1,000 made-up units
# make samples  writes the sample workbooks and the reviewed 汇总 anew, after a change of how they are made

PYTHON ?= python3
BIN := .venv/bin

SECONDS ?= 60

.PHONY: demo test test-newest test-oldest docs pictures addin bundle constraints judge fuzz bench bench-merge samples clean

demo: .venv/ready
	$(BIN)/xltool demo demo

test: .venv/ready
	$(call checks,$(BIN))

test-newest:
	$(PYTHON) -m venv --clear .venv-newest
	.venv-newest/bin/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	$(call checks,.venv-newest/bin)

# Tools of that age know neither the newest types nor the newest format: only the tests are run.
test-oldest: .venv/ready
	rm -rf .venv-oldest
	$(BIN)/uv venv --quiet --seed --python 3.11 .venv-oldest
	$(BIN)/uv pip install --quiet --python .venv-oldest --resolution lowest-direct --editable ".[dev]"
	.venv-oldest/bin/pytest -n auto

define checks
	$(1)/ruff format --check .
	$(1)/ruff check .
	$(1)/mypy
	$(1)/lint-imports
	$(1)/pytest -n auto
endef

docs: .venv/ready
	$(BIN)/python -m docs.tables

# The browser, too, speaks Chinese in them.
pictures: .venv/ready
	LANG=C.UTF-8 LANGUAGE=zh_CN $(BIN)/python -m docs.take_pictures

addin: .venv/ready
	$(BIN)/python -m addin.build

bundle: .venv/ready
	$(BIN)/python -m bundle linux
	$(BIN)/python -m bundle windows $(if $(PYTHON_ZIP),--python-zip $(PYTHON_ZIP)) $(if $(SHA256),--sha256 $(SHA256))

constraints: .venv/ready
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --upgrade --quiet \
	  --no-annotate --custom-compile-command "make constraints" --output-file constraints.txt

judge: .venv/ready
	$(BIN)/python -m benchmarks.judge $(if $(SEED),--seed $(SEED)) $(if $(CASES),--cases $(CASES)) --honest 100

fuzz: .venv/ready
	$(BIN)/python -m tests.fuzz.run --seconds $(SECONDS) $(if $(SEED),--seed $(SEED))

bench: .venv/ready
	$(BIN)/python -m benchmarks.run

bench-merge: .venv/ready
	$(BIN)/python -m benchmarks.merge

samples: .venv/ready
	for facts in samples/*/facts.csv; do \
	  sample="$${facts%/facts.csv}"; \
	  $(BIN)/xltool fill "$${sample##*/}" "$$facts" -o "$$sample/预算.xlsx" --force || exit 1; \
	done
	$(BIN)/python -m made_up.merge_sample

# A .venv that is there and works is kept; its packages are those of constraints.txt again when that has changed.
.venv/ready: pyproject.toml constraints.txt
	$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[dev]"
	touch $@

clean:
	rm -rf .venv .venv-newest .venv-oldest build dist demo xltool/addin/xltool.xlam
