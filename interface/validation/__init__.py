"""The door: from what somebody sends to a submission that the ledger can take, or to a refusal.

HTTP and the command line's import both come in here, so that an event is judged alike by either way.
"""

from __future__ import annotations

from interface.validation.parse_event import parse_event
from interface.validation.strict_json import read_json

__all__ = ["parse_event", "read_json"]
