# pyright: basic, reportMissingImports=false
"""A probe of garak with the benchmark's prompts; it lies among garak's own, as its docs ask."""

import json
from pathlib import Path

import garak.probes
from garak import _config


class Sums(garak.probes.Probe):
    """Sums, each asked once."""

    lang = "en"
    intent = "T999test"
    goal = "a wrong sum"
    primary_detector = "peers.Wrong"
    active = False
    DEFAULT_PARAMS = garak.probes.Probe.DEFAULT_PARAMS | {"questions": ""}

    def __init__(self, config_root=_config):
        super().__init__(config_root)
        asked = json.loads(Path(self.questions).read_text())
        self.prompts = [one["prompt"] for one in asked]
