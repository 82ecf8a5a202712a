"""Attacks as assets: what a run found, with lineage and verdicts, as files for other tools."""

import json
import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from temper.errors import ArtifactError
from temper.run_folder import DATABASE, existing_run, finished_results, write_whole
from temper.store import Store, read_only

LINES, TABLE, CARD = "attacks.jsonl", "data/train.parquet", "README.md"


def export_attacks(name: str, folder: Path, *, every: bool = False) -> int:
    """Write a run's attacks as JSON lines and as a data set folder with a card.

    Args:
        name: the run.
        folder: made if missing; what an earlier export wrote there is replaced.
        every: attempts that failed too; else those that some judge calls a hit.

    Returns:
        How many rows were written.

    Raises:
        ArtifactError: no finished run, nothing to export, or no pyarrow.
    """
    run = existing_run(name)
    results = finished_results(run)
    with read_only(run / DATABASE) as store:
        rows = asset_rows(store, results["target"])
    if not every:
        rows = [row for row in rows if "hit" in row["verdicts"].values()]
    if not rows:
        raise ArtifactError(f"{run} has no successful attacks to export (--every takes all)")
    folder.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    write_whole(folder / LINES, "\n".join(lines) + "\n")
    _write_table(rows, folder / TABLE)
    write_whole(folder / CARD, card(results, rows, _attackers(run, results, folder)))
    return len(rows)


def asset_rows(store: Store, target: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One row an attempt: the attack and its lineage, the response, every verdict, its finding."""
    finding_of = {
        member: finding["attack_id"]
        for finding in store.findings()
        for member in json.loads(finding["members"])
    }
    lineage = {(row["id"], row["attacker"]): row for row in store.candidates()}
    found: dict[str, dict[str, Any]] = {}
    for row in store.judged_attempts():
        attack = lineage.get((row["attack_id"], row["attacker"]), {})
        one = found.setdefault(
            row["id"],
            {
                "attack_id": row["attack_id"],
                "attack": row["attack_text"] or "",
                "attacker": row["attacker"],
                "operator": row["operator"] or "",
                "seed": attack.get("seed"),
                "round": row["round"],
                "parents": json.loads(attack.get("parents") or "[]"),
                "finding": finding_of.get(row["attack_id"]),
                "prompt": row["prompt"],
                "response": row["response"],
                "split": row["split"],
                "target": target["name"],
                "target_hash": target["hash"],
                "verdicts": {},
            },
        )
        one["verdicts"][row["measure"]] = row["outcome"]
    return list(found.values())


def _write_table(rows: Sequence[Mapping[str, Any]], path: Path) -> None:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise ArtifactError(
            f"a data set folder needs pyarrow ({error}): pip install 'temper-lm[local]'"
        ) from error
    path.parent.mkdir(parents=True, exist_ok=True)
    flat = [{**row, "verdicts": json.dumps(row["verdicts"], sort_keys=True)} for row in rows]
    parquet.write_table(pa.Table.from_pylist(flat), path)


def _attackers(run: Path, results: Mapping[str, Any], folder: Path) -> list[str]:
    """Copy the snapshots that were chosen: the samplers behind the fixed set."""
    names: list[str] = []
    for one in results.get("attackers", []):
        snapshot = run / one["snapshot"]
        name = f"attacker-{one['seed']}"
        if snapshot.is_dir() and one["round"] == max(o["round"] for o in results["attackers"]):
            shutil.copytree(snapshot, folder / name, dirs_exist_ok=True)
            names.append(name)
    return names


def card(
    results: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], attackers: Sequence[str]
) -> str:
    """What the set is, what it is meant for, on whom it was found, and when."""
    by_attacker: dict[str, int] = {}
    for row in rows:
        by_attacker[row["attacker"]] = by_attacker.get(row["attacker"], 0) + 1
    counts = "\n".join(f"| {name} | {count} |" for name, count in sorted(by_attacker.items()))
    target = results["target"]
    findings = len({row["finding"] for row in rows if row["finding"]})
    shipped = (
        "\nThis target ships with temper, built so that every weakness is known.\n"
        if target["shipped"]
        else ""
    )
    samplers = ", ".join(attackers)
    sampler = (
        f"\n**Samplers**: {samplers} are the trained attackers; each draw is a new attack.\n"
        if attackers
        else ""
    )
    return f"""---
configs:
- config_name: default
  data_files: data/*.parquet
tags:
- red-teaming
---
# Attacks on {target["name"]}

{len(rows)} attempts, {findings} distinct findings, found by temper on {datetime.now(UTC):%Y-%m-%d}.
{shipped}
**Concern**: {results.get("concern") or "wrong answers to sums"}.
**Target**: {target["name"]}, {target["hash"]}.
**Meant for**: testing and hardening this target and others that you may test; training a guard.
**Not meant for**: use against systems of others. Responses are the target's own words: they may be
false or rude, and are hostile text to any tool that shows them.
{sampler}
| attacker | attempts |
| --- | --- |
{counts}

`attack` is what the attacker wrote, `prompt` all that was put, `verdicts` the outcome by every
judge, `finding` the leader of the cluster of near-duplicates, `parents` the attacks that it was
written after.
"""
