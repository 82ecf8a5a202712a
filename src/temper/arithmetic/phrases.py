"""The phrases by which replies mark, correct, deny or hedge a number."""

import re

REFUSAL = re.compile(
    r"\b(?:can(?:no|')t|can’t|won(?:'|’)t|unable to|not able to|will not|refuse|decline|sorry)\b",
    re.IGNORECASE,
)
MARKED = re.compile(
    r"(?:\\boxed\s*\{|####|<answer>|\bfinal answer\b|\banswer\b|\bresult\b|\bresponse\b"
    r"|\bsolution\b|\b(?:correct|right) (?:option|choice)\b"
    r"|\b(?:antwort|ergebnis|respuesta|resultado|réponse|résultat|risposta|risultato)\b"
    r"|答案|结果|答え|ответ)",
    re.IGNORECASE,
)
CORRECTED = re.compile(
    r"\b(?:no|wait|sorry|oops|correction|rather|i mean|i meant|make that|actually|scratch that)\b"
    r"[^\d\n]{0,25}$",
    re.IGNORECASE,
)
LEADS = re.compile(
    r"(?:=|[-—_]{3,}|≈|->|→|\b(?:is|are|be|equals?|makes?|gives?|giving|making|get|totals?|becomes?|yields?|ist|es|est|son|sont|fa|'?tis)\b"
    r"|['’]s\b|è|是|等于|равно|です)"
    r"[^\w\d=−–+-]*"
    r"(?:(?:exactly|just|still|then|thus|now|actually|therefore|simply|of course|indeed"
    r"|the number|equal to|to|a|you|us|also|clearly)\b[^\w\d=−–+-]*)*$",
    re.IGNORECASE,
)
DENIED = re.compile(
    r"(?:!=|\bnot|n't|n’t|\bnever|\brather than|\binstead of|≠)\W{0,4}$", re.IGNORECASE
)
OPERATOR_NEXT = re.compile(
    r"^\s*(?:[+*×·÷/^]|[-−–]\s*\d|x\s*\d|\b(?:plus|minus|times|and)\b\s*[\d(]"
    r"|\b(?:plus|minus|times)\b|and (?:then )?(?:add|subtract|multiply|take)\b)",
    re.IGNORECASE,
)
CONFIRMED_NEXT = re.compile(
    r"^[ ,]{0,2}(?:it is\b|is (?:the|my|your|our) (?:\w+ )?(?:answer|result|sum|total|solution)\b)",
    re.IGNORECASE,
)
NEXT_TURN = re.compile(
    r"\n\s*(?:question|user|human|student|q|exercise|problem|example)\b[^\n]{0,12}[:.]",
    re.IGNORECASE,
)
RETRACTED = re.compile(
    r"\b(?:wait|not (?:correct|right)|wrong|correction|let me re|scratch that|oops)\b",
    re.IGNORECASE,
)
TAKEN_BACK = re.compile(
    r"\b(?:wait|wrong|but|no|it(?:'|’)s|it is|actually|hmm+|correction|answer)\b",
    re.IGNORECASE,
)
BRACKETS = re.compile(r"\([^()]{0,200}\)")
CHOICE_NEXT = re.compile(r"^\W*\bor\b", re.IGNORECASE)


SIGNS = {"−": "-", "–": "-", "×": "*", "x": "*", "·": "*", "plus": "+", "minus": "-", "times": "*"}
DENIED_NEXT = re.compile(
    r"^[^.\d]{0,12}\b(?:that|which|this)(?:['’]s| is| was) "
    r"(?:not (?:correct|right|true)|incorrect|wrong|false|an? (?:mistake|error))\b",
    re.IGNORECASE,
)
ASKS_BACK = re.compile(r"\bwhich (?:one )?(?:would|do|should|did)\b[^.]*\?\s*$", re.IGNORECASE)
COUNTS_A_NOUN = re.compile(
    r"^\s+(?:numbers?|digits?|integers?|values?|terms?|operands?|places?|steps?|ways?|sums?|of)\b",
    re.IGNORECASE,
)
OPTIONS = re.compile(r"\s*\(?A[.):]\s")
