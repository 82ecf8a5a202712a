# Everything runs in .venv inside the checkout. `make demo` and `make test` set it up themselves.
PYTHON ?= python3
BIN := .venv/bin
# Two cores and small models: more threads a process only get in each other's way.
export OMP_NUM_THREADS ?= 1
export HF_HUB_OFFLINE ?= 1
export TOKENIZERS_PARALLELISM ?= false

.PHONY: setup demo test check clean

setup: .venv/ready

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "temper needs Python 3.11 or newer: make PYTHON=python3.11")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip -c constraints.txt
	@# torch first and pinned: left to a range, pip takes the newest build with gigabytes of CUDA packages
	$(BIN)/python -m pip install --quiet torch==2.13.0 -c constraints.txt
	$(BIN)/python -m pip install --quiet --editable '.[local,dev]' -c constraints.txt
	@touch .venv/ready

demo: setup
	$(BIN)/temper demo

test: setup
	$(BIN)/python -m pytest -n 2

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright

clean:
	rm -rf .venv runs
