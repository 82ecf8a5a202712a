"""`temper demo`: the whole line on a shipped model."""

from typing import Annotated

import typer


def demo(
    out: Annotated[str, typer.Option(help="Run folder, or a name under runs/.")] = "demo",
    seed: Annotated[int, typer.Option(help="Decides every random choice.")] = 0,
) -> None:
    """Attack the shipped model abacus-s, harden it, attack it again; no network, two minutes."""
    from temper.campaigns.demo import demo_config, demo_hardening
    from temper.campaigns.hardening.run import run_harden
    from temper.cli.harden_summary import print_before_and_after
    from temper.cli.progress import Console
    from temper.cli.summary import exit_if_partial, print_three_numbers
    from temper.pipeline import attack_arithmetic
    from temper.run_folder import REPORT, run_path

    folder = run_path(out)
    with Console() as console:
        outcome = attack_arithmetic(demo_config(seed), folder, reporter=console)
    typer.echo(
        "abacus-s was built with known weaknesses: these rates show that temper finds what is"
        " there, not that your model is like it."
    )
    print_three_numbers(outcome.results)
    typer.echo(f"report  {(outcome.folder / REPORT).resolve()}")
    exit_if_partial(outcome.results)
    with Console() as console:
        hardened = run_harden(demo_hardening(folder, seed), folder / "hardened", console)
    print_before_and_after(hardened.results)
    typer.echo(f"report  {(hardened.folder / REPORT).resolve()}")
    exit_if_partial(hardened.results)
