"""End: the child is back, or the episode ends without a return. Phase: end."""

from __future__ import annotations

from domain.facts.fact import Fact, Phase, fact
from domain.facts.members import chosen, code, yes_no
from domain.vocabulary import END_REASON, RETURN_MODE, TO_SETTING_TYPE


class End(Fact):
    """A fact that ends an episode."""

    __slots__ = ()
    PHASE = Phase.END


@fact
class Returned(End):
    """The child is back in a home or placement agreed by the responsible authority, old or new.

    Never a police station or a hospital: that is `located`.
    """

    to_setting_type: str | None = chosen(TO_SETTING_TYPE)
    mode: str | None = chosen(RETURN_MODE)
    returned_by: str | None = code()
    condition: str | None = code()


@fact
class EndedOtherwise(End):
    """The episode ends without a return."""

    reason: str = chosen(END_REASON, required=True)
    whereabouts_known: str | None = yes_no()
