"""The layers hold: imports point down, stages stay apart, heavy libraries load only when used."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import temper

ROOT = Path(temper.__file__).parent
LAYERS = (
    {"cli", "web", "label", "__main__"},
    {"api", "testing"},
    {"campaigns"},
    {"pipeline"},
    {"explore", "establish", "exploit", "harden", "evaluate"},
    {"report", "organisms", "scale", "serving"},
    {"training", "targets", "text", "arithmetic"},
    {"protocols", "config", "store", "stats", "budget", "ending", "run_folder", "stages"},
    {"records", "errors"},
)
STAGES = {"explore", "establish", "exploit", "harden", "evaluate"}
HEAVY = {
    "torch",
    "transformers",
    "trl",
    "tokenizers",
    "scipy",
    "altair",
    "sacrebleu",
    "ray",
    "httpx2",
    "starlette",
    "uvicorn",
}


def imports_of(path: Path) -> Iterator[tuple[str, bool]]:
    """Every imported module, and whether the import runs when the file is imported."""
    tree = ast.parse(path.read_text("utf-8"))
    lazy = {
        id(node)
        for outer in ast.walk(tree)
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef)
        or (isinstance(outer, ast.If) and "TYPE_CHECKING" in ast.dump(outer.test))
        for node in ast.walk(outer)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, id(node) not in lazy
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, id(node) not in lazy


def part_of(module: str) -> str:
    return module.split(".")[1] if "." in module else "temper"


def layer(part: str) -> int:
    for number, parts in enumerate(LAYERS):
        if part in parts:
            return number
    raise AssertionError(f"{part} stands in no layer: add it to CONTRIBUTING.md and to this test")


def files() -> list[Path]:
    return sorted(path for path in ROOT.rglob("*.py") if path != ROOT / "__init__.py")


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_down_and_stages_never_import_each_other(path: Path):
    own = path.relative_to(ROOT).with_suffix("").parts[0]
    for module, _ in imports_of(path):
        if not module.startswith("temper."):
            continue
        other = part_of(module)
        if other == own:
            continue
        if own in STAGES:
            assert other not in STAGES, f"{path}: stage {own} imports stage {other}"
        assert layer(other) >= layer(own), f"{path}: {own} imports {other}, which stands above it"


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_heavy_libraries_are_imported_inside_functions_only(path: Path):
    eager = {module.split(".")[0] for module, at_import in imports_of(path) if at_import}
    assert not eager & HEAVY


def test_only_organisms_and_campaigns_may_name_the_answer_key():
    for path in files():
        if path.relative_to(ROOT).parts[0] not in ("organisms", "campaigns"):
            assert "answer_key" not in path.read_text("utf-8"), path


def test_help_needs_none_of_the_heavy_libraries():
    code = (
        "import sys; sys.argv = ['temper', '--help']\n"
        "from temper.cli import app\n"
        "try: app()\n"
        "except SystemExit: pass\n"
        f"loaded = {HEAVY!r} & set(sys.modules)\n"
        "print('LOADED', sorted(loaded))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert "LOADED []" in done.stdout
