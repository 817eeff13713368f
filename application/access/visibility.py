"""Who may see an episode, and who may see what is sealed in its entries (design.md 7, events.md 1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from application.access.credentials import Credential
from domain.entries.entry import Entry
from domain.organisations import is_police, namespace

_SEE_RESTRICTED: Final = frozenset({"manager", "auditor", "administrator"})


def scope_of(credential: Credential) -> frozenset[str] | None:
    """The namespaces whose episodes, or episodes that name them, a credential may see; None is all."""
    everything = credential.namespace is None and credential.authorities is None
    if everything or "administrator" in credential.roles:
        return None
    own = () if credential.namespace is None else (credential.namespace,)
    return frozenset((*own, *(credential.authorities or ())))


def may_open(credential: Credential) -> Callable[[Entry, str | None], bool]:
    """Whether a credential may see the personal values of an entry, given the responsible authority.

    | handling | who sees them |
    |---|---|
    | normal | everyone within whose scope the episode is |
    | restricted | managers, auditors, administrators; who asserted it; the responsible authority |
    | police_only | police forces; who asserted it |

    A credential of no namespace acts for the subject's. Any other word is taken as `restricted`.
    """

    def may(entry: Entry, responsible: str | None) -> bool:
        own = credential.namespace or namespace(entry.subject)
        handling = entry.data.get("handling", "normal")
        if handling == "normal" or own == entry.by:
            return True
        if handling == "police_only":
            return is_police(own)
        return own == responsible or bool(_SEE_RESTRICTED & credential.roles)

    return may
