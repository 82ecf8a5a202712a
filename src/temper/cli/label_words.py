"""`temper label-with words`."""

from typing import Annotated

import typer

from temper.cli.label_options import (
    Concern,
    Failure,
    Items,
    Labels,
    Most,
    Name,
    Run,
    Text,
    concern_of,
    folder_of,
    items_of,
    say,
)


def words(
    run: Run,
    word: Annotated[
        list[str],
        typer.Option(help='Whole words in any case; "cr*": any that begins so. Repeatable.'),
    ],
    then: Annotated[str, typer.Option(help="The label where one of them stands.")],
    otherwise: Annotated[str, typer.Option("--else", help="The label of all other texts.")],
    items: Items = None,
    text: Text = "text",
    most: Most = None,
    labels: Labels = None,
    failure: Failure = None,
    config: Concern = None,
    annotator: Name = None,
) -> None:
    """Label by a rule on words: crude, but the same for every text and free."""
    from temper.campaigns.labelling import label_by_words
    from temper.establish.words import WordRule

    rule = WordRule(name=annotator or "words", words=tuple(word), where=then, elsewhere=otherwise)
    concern = concern_of(labels, failure, config)
    say(label_by_words(folder_of(run), concern, rule, items_of(items, text), most))
