"""Write the texts of the suites held_out_pirs and independent_red from finished searches.

    temper attack arithmetic --target abacus-s --seed 9001 --set 'attack.attackers=["pirs"]'
    python benchmarks/suite_attacks.py held_out_pirs runs/arithmetic-abacus-s-9001 …

Seeds from 9001 on are kept for this. Of each run the best member of every finding is taken.
"""

import sys
from pathlib import Path

import temper
from temper.run_folder import DATABASE, finished_results
from temper.store import read_only
from temper.text.similarity import cluster_findings

ABOUT = {
    "held_out_pirs": "Attacks that prompt inversion found with seeds kept for this suite.",
    "independent_red": "Attacks that a red model of another family found to work on itself.",
}
MOST = 120


def main(suite: str, runs: list[str]) -> None:
    texts: list[str] = []
    found_on: dict[str, str] = {}
    for run in map(Path, runs):
        target = finished_results(run)["target"]
        found_on[target["hash"]] = target["name"]
        with read_only(run / DATABASE) as store:
            text_of = {row["id"]: row["text"] for row in store.candidates() if row["accepted"]}
            texts += [text_of[row["attack_id"]] for row in store.findings()]
    leaders = [texts[cluster[0]] for cluster in cluster_findings(texts)][:MOST]
    names = ", ".join(f"{name} ({hash})" for hash, name in found_on.items())
    lines = [f"# {ABOUT[suite]} Found on {names}; written by benchmarks/suite_attacks.py."]
    folder = Path(temper.__file__).parent / "arithmetic" / "suites" / "texts"
    (folder / f"{suite}.txt").write_text("\n".join([*lines, *leaders]) + "\n", "utf-8")
    print(f"{suite}: {len(leaders)} texts")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
