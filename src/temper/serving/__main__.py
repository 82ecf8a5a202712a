"""`python -m temper.serving`: a scripted server of a given delay, for benchmarks of any client."""

import argparse
import sys
import time

from temper.serving.scripted import ScriptedServer
from temper.serving.scripts import openai_script, with_faults

parser = argparse.ArgumentParser(prog="python -m temper.serving", description=__doc__)
parser.add_argument("--delay", type=float, default=0.05, help="seconds before each answer")
parser.add_argument("--faults", type=float, default=0.0, help="share of calls that fail")
parser.add_argument("--text", default="7", help="what it answers")
options = parser.parse_args()
script = openai_script(lambda prompt: options.text, delay=options.delay)
script = with_faults(script, options.faults) if options.faults else script
with ScriptedServer(script, keep_calls=False) as server:
    sys.stdout.write(f"{server.url}\n")
    sys.stdout.flush()
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        sys.stderr.write(f"{server.count} calls, at most {server.peak} in flight\n")
