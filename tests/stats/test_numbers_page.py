import doctest
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "numbers.md"


def test_every_figure_of_the_worked_example_is_what_the_functions_return():
    found = doctest.testfile(str(PAGE), module_relative=False)
    assert found.attempted > 40
    assert found.failed == 0
