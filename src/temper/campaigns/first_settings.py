"""What `temper init` writes: every setting that a newcomer may want, with its reason."""

import json
from collections.abc import Sequence

from temper.config import check_worry

TEMPLATE = """\
# From a worry to a measure. Run it with: temper run FILE. The same command continues; a changed
# setting of the exploration asks for --redo.

[run]
seed = 0                       # decides every random choice

[target]
name = {target}                # a shipped model or a checkpoint folder

[concern]
text = {concern}
labels = {labels}
failure = {failure}            # which labels are failures
# set_aside = []               # labels that count neither way
# definitions = {{ {first} = "what it means" }}

[explore]
draws = 2000                   # responses of the target
source = "unprompted"          # or "prompts", "openings": then file = "prompts.txt"
part = "response"              # or "beginning", "first", "sentences"
clusters = 20
kept = 400                     # texts for labelling

[label]
{label}
items = 400

[establish]
# features = ["tfidf", "states"]    # empty: all that is possible; cross-validation chooses
members = 5
threshold = 0.5                # P(failure) of a hit
# abstain = [0.4, 0.6]         # between these it could not tell
"""
PEOPLE = """by = "people"                  # the run waits for them: `temper label RUN`
each = 1                       # how many people label each text"""
JUDGE = """by = "judge"
judge = {judge}
rubric = "judge_truth"         # or a text file with the slot {{statement}}"""


def first_settings(
    target: str, concern: str, labels: Sequence[str], failure: Sequence[str], judge: str | None
) -> str:
    """The text of a TOML file.

    Raises:
        ConfigError: it would be no valid run, e.g. a failure that is no label.
    """
    text = TEMPLATE.format(
        target=json.dumps(target, ensure_ascii=False),
        concern=json.dumps(concern, ensure_ascii=False),
        labels=json.dumps(list(labels), ensure_ascii=False),
        failure=json.dumps(list(failure), ensure_ascii=False),
        first=json.dumps(labels[0], ensure_ascii=False),
        label=JUDGE.format(judge=json.dumps(judge, ensure_ascii=False)) if judge else PEOPLE,
    )
    check_worry(text)
    return text
