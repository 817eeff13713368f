"""Where the child lives, and who answers for them: an object inside several types."""

from __future__ import annotations

from dataclasses import dataclass

from domain.facts.members import chosen, code, namespace, yes_no
from domain.vocabulary import DISTANCE, PLACEMENT_TYPE


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A placement or home: codes of the SSDA903 return where it has one (PL, LS). All members optional."""

    placement_type: str | None = chosen(PLACEMENT_TYPE)
    placement_code: str | None = code()
    provider: str | None = code()
    urn: str | None = code()
    responsible_authority: str | None = namespace(grants=True)
    host_authority: str | None = namespace(grants=True)
    distance: str | None = chosen(DISTANCE)
    legal_status: str | None = code()
    looked_after: str | None = yes_no()
