"""An example of every route, for the OpenAPI document: parameters, a body, an answer. They are made up."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Final

from application.answers.as_json import Json

EXAMPLES: Final[dict[str, Json]] = json.loads(
    (files("interface.http.contract") / "examples.json").read_text(encoding="utf-8")
)
"""By method and path: `query` and `path` by name, `body` by media type, `answer`."""
