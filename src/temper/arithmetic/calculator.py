"""A calculator that reads a text, the tool behind grounding: it sees the prompt alone."""

import re

from temper.arithmetic.problems import Operator, evaluate

_SUM = re.compile(r"(?<![\d.])(\d{1,9})\s*([+*-])\s*(\d{1,9})(?!\d|\.\d)")


def calculator_line(text: str) -> str | None:
    """The last sum in the text with its value, "Calculator: 3 + 4 = 7."; None without a sum.

    The last, because a question ends with what it asks; what stands before it may mislead.
    """
    found = _SUM.findall(text)
    if not found:
        return None
    x, sign, y = found[-1]
    op: Operator = "+" if sign == "+" else "-" if sign == "-" else "*"
    return f"Calculator: {x} {op} {y} = {evaluate(int(x), op, int(y))}."
