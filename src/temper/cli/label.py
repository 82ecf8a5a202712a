"""`temper label`: the page where people label, and what goes with it."""

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from temper.cli.label_errands import exchange, forget_person, invite_person
from temper.cli.label_options import Concern, Failure, Items, Labels, Text, concern_of, folder_of

if TYPE_CHECKING:
    from temper.label.tables import LabelStore

TOKEN = "TEMPER_LABEL_TOKEN"


def label(
    run: Annotated[str, typer.Argument(help="Run folder, or its name under runs/.")],
    items: Items = None,
    text: Text = "text",
    prompt_column: Annotated[
        str | None, typer.Option(help="Column of --items with what the model was asked.")
    ] = None,
    reference_column: Annotated[
        str | None, typer.Option(help="Column of --items with a text or link to unfold.")
    ] = None,
    lookup: Annotated[
        str | None,
        typer.Option(help="Reference by a function: almanac, or MODULE:FUNCTION from a text."),
    ] = None,
    order: Annotated[
        Literal["asked", "random", "given"],
        typer.Option(help="asked: unlike texts first, where the run's measure is unsure."),
    ] = "asked",
    most: Annotated[
        int | None,
        typer.Option("--max", min=1, help="So many items.", show_default="the run's label.items"),
    ] = None,
    each: Annotated[
        int | None,
        typer.Option(min=1, help="Labels wanted an item.", show_default="the run's label.each"),
    ] = None,
    labels: Labels = None,
    failure: Failure = None,
    config: Concern = None,
    gold: Annotated[
        Path | None, typer.Option(help="Table with text and label: known items, to warn of drift.")
    ] = None,
    entry_test: Annotated[int, typer.Option(min=0, help="Known items before the first.")] = 0,
    gold_every: Annotated[int, typer.Option(min=2, help="One hidden known item in so many.")] = 15,
    blur: Annotated[bool, typer.Option("--blur", help="Blur texts until asked for.")] = False,
    content_note: Annotated[
        str | None, typer.Option(help="What people read before the first item.")
    ] = None,
    lead: Annotated[
        list[str] | None,
        typer.Option(
            help="Who may change the guideline and adjudicate. Repeatable.",
            show_default="everybody on this machine",
        ),
    ] = None,
    audit: Annotated[
        bool, typer.Option("--audit", help="Serve what a corrected rate needs checked.")
    ] = False,
    measure: Annotated[str | None, typer.Option(help="Whose verdicts are audited.")] = None,
    half_width: Annotated[
        float, typer.Option(min=0.001, max=0.499, help="How sharp the corrected rate shall be.")
    ] = 0.05,
    host: Annotated[str, typer.Option(help="Beyond this machine a token is needed.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: a free one.")] = 8600,
    forget: Annotated[
        str | None, typer.Option(help="Remove a person with all they did, and stop.")
    ] = None,
    invite: Annotated[
        str | None, typer.Option(help="Print a link of their own for a person, and stop.")
    ] = None,
    export: Annotated[Path | None, typer.Option(help="Write the labels, and stop.")] = None,
    take: Annotated[
        Path | None, typer.Option("--import", help="Take over labels of a file, and stop.")
    ] = None,
    file_format: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="csv, jsonl, parquet, label-studio, argilla.",
            show_default="by the file's ending",
        ),
    ] = None,
    renamed: Annotated[
        list[str] | None,
        typer.Option("--map", help="VALUE=LABEL for an imported value. Repeatable."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Decides what chance decides.")] = 0,
) -> None:
    """Serve a page where people label a run's items, one at a time, by key.

    Everything is in the run's database before the next item shows; stop and start as you like.
    On this machine a name is enough; with --host of another network a link with a token is
    printed. docs/labelling.md describes the page.
    """
    from temper.label.opening import Wanted, guideline_of, open_store, prepare
    from temper.label.references import find_lookup
    from temper.label.rounds import waiting_rounds
    from temper.run_folder import existing_run

    folder = folder_of(run)
    if forget is not None:
        forget_person(existing_run(run), forget)
        return
    if invite is not None:
        invite_person(existing_run(run), invite)
        return
    concern = concern_of(labels, failure, config)
    with open_store(folder) as store:
        if take is not None or export is not None:
            exchange(
                store, guideline_of(store, folder, concern), take, export, file_format, renamed
            )
            return
        settings, said = prepare(
            store,
            folder,
            Wanted(
                concern=concern,
                items=items,
                text=text,
                prompt=prompt_column,
                reference=reference_column,
                order=order,
                most=most,
                each=each,
                gold=gold,
                entry_test=entry_test,
                gold_every=gold_every,
                lookup=find_lookup(lookup) if lookup else None,
                blur=blur,
                content_note=content_note,
                leads=tuple(lead or ()),
                audit=audit,
                measure=measure,
                half_width=half_width,
                seed=seed,
            ),
        )
        for hint in waiting_rounds(folder):
            typer.echo(hint)
        _serve(store, settings, said, host, port)


def _serve(store: "LabelStore", settings: object, said: str, host: str, port: int) -> None:
    import os

    from temper.label.app import serve
    from temper.label.security import LOOPBACK, Access
    from temper.label.settings import Settings
    from temper.label.visits import Desk

    assert isinstance(settings, Settings)
    access = Access()
    if host not in LOOPBACK:
        access = Access(
            os.environ.get(TOKEN) or secrets.token_urlsafe(12), secrets.token_urlsafe(12)
        )

    def announce(address: str) -> None:
        typer.echo(f"{said}; Ctrl-C stops, and everything is kept")
        if settings.then:
            typer.echo(settings.then)
        if access.token is None:
            typer.echo(f"label at {address}")
            return
        typer.echo(f"for those who label:       {address}/enter?token={access.token}")
        typer.echo(f"for who leads the labelling: {address}/enter?token={access.lead_token}")

    serve(Desk(store=store, settings=settings, access=access), host, port, announce)
