"""The frame of every report page: a self-contained file that needs no network.

Everything a target or an attacker wrote is hostile text: Jinja escapes it, data travels as JSON in
an inert script element, and a content-security policy allows only the scripts and the style whose
hashes it names.
"""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from temper.report.figures import few_clusters, judge_in_words, percent, rate_in_words
from temper.report.warnings import said_first

SCRIPTS = ("vega.min.js", "vega-lite.min.js", "vega-embed.min.js", "draw.js")


def render_page(template: str, charts: Mapping[str, Any], **values: Any) -> str:
    """The whole page as text; `charts` are Vega-Lite specifications by name, or None."""
    from jinja2 import Environment, PackageLoader, select_autoescape

    environment = Environment(
        loader=PackageLoader("temper.report"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"percent": percent, "words": rate_in_words, "visible": visible}
    environment.filters |= {"judge": judge_in_words, "few": few_clusters}
    scripts = [_static(name) for name in SCRIPTS]
    style = _static("report.css")
    return environment.get_template(template).render(
        warnings=said_first(values["results"]),
        charts={name: spec for name, spec in charts.items() if spec},
        chart_data=_inert_json(charts),
        scripts=scripts,
        style=style,
        policy=_policy(scripts, style),
        **values,
    )


def visible(text: str | None) -> str:
    """Show control characters and direction marks instead of obeying them."""
    if text is None:
        return "(no text)"
    return "".join(c if c.isprintable() or c == "\n" else f"\\u{ord(c):04x}" for c in text)[:4_000]


@cache
def _static(name: str) -> str:
    return files("temper.report").joinpath("static", name).read_text("utf-8")


def _policy(scripts: Sequence[str], style: str) -> str:
    allowed = " ".join(f"'sha256-{_sha256(script)}'" for script in scripts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'sha256-{_sha256(style)}';"
        " img-src data:; base-uri 'none'; form-action 'none'"
    )


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _inert_json(data: Any) -> str:
    """JSON that cannot end its script element."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
