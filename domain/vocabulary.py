"""The controlled values, in the sector's own terms.

Every list is open: as well as its values it takes `not_known`, `other` and `local:<code>` (events.md 1). So a word
that we did not foresee is recorded and not refused. The lists of places, reasons and harm are those of the sector's
procedures and forms. Where a procedure writes two words for one box ("parent/PR holder"), both words and the joined
form are taken.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class ValueList(NamedTuple):
    """A named list of values; `closed` lists take nothing else."""

    name: str
    values: tuple[str, ...]
    closed: bool = False


def _list(name: str, words: str) -> ValueList:
    return ValueList(name, tuple(words.split()))


ALWAYS_ALLOWED: Final = ("not_known", "other")
"""Values that every open list takes, as well as its own and `local:<code>`."""

YES_NO: Final = ValueList("yes_no", ("yes", "no", "not_known", "not_asked", "withheld"), closed=True)
SUMMARY: Final = _list("summary", "yes no not_applicable")
BASIS: Final = _list("basis", "witnessed told_by document system")
HANDLING: Final = _list("handling", "normal restricted police_only")

DFE_2014: Final = "DfE-2014"
"""The only scheme that sets `missing` or `away`: DfE statutory guidance, January 2014."""
MISSING: Final = "missing"
AWAY: Final = "away_without_authorisation"
CATEGORY: Final = _list("category", f"{MISSING} {AWAY}")
CATEGORY_SCHEME: Final = _list("category_scheme", "DfE-2014 APP-2017 ACPO-2013")
RISK_SCHEME: Final = _list("risk_scheme", "APP-2017")
RISK_LEVEL: Final = _list("risk_level", "no_apparent_risk low medium high")

LAST_SEEN_BY: Final = _list("last_seen_by", "responsible_adult other")
REPORTED_BY: Final = _list(
    "reported_by",
    "parent family foster_carer home_staff supported_accommodation_staff school health friend police_officer self",
)
RECIPIENT_ROLE: Final = _list(
    "recipient_role",
    "police responsible_la responsible_authority edt host_la host_authority parent pr_holder parent_pr_holder iro"
    " team_manager head_of_service ad dcs lead_member ofsted school virtual_school school_virtual_school health yot"
    " placing_authority guardian solicitor guardian_solicitor home_office mash interview_provider",
)
CASE_STATUS: Final = _list("case_status", "open closed_under_3_months closed unknown_to_service")

PLACEMENT_TYPE: Final = _list(
    "placement_type",
    "at_home kinship foster childrens_home secure supported_accommodation residential_school hospital custody no_fixed",
)
TO_SETTING_TYPE: Final = _list(
    "to_setting_type",
    "at_home kinship foster foster_in_house foster_agency childrens_home secure supported_accommodation"
    " residential_school hospital custody adopted friend friend_other no_fixed",
)
DISTANCE: Final = _list("distance", "in_area adjoining at_a_distance")

CONFIDENCE: Final = _list("confidence", "low medium high")
LOCATION_TYPE: Final = _list(
    "location_type",
    "home_address friend partner ex partner_ex family school street vehicle party transport_hub hospital"
    " police_station hotel property_of_concern another_la_area abroad unknown",
)
INTERRUPTION: Final = _list("interruption", "hospital custody abroad")
RETURN_MODE: Final = _list("return_mode", "own_accord police carer family third_party")
END_REASON: Final = _list(
    "end_reason", "died turned_18 remanded admitted_to_hospital settled_elsewhere_agreed abroad_confirmed"
)
CONTACT_MODE: Final = _list("contact_mode", "in_person telephone through_reporter")

OFFERED_TO: Final = _list("offered_to", "child parent")
ATTEMPT_OUTCOME: Final = _list("attempt_outcome", "not_present would_not_see unsafe cancelled missing_again")
NOT_POSSIBLE: Final = _list("not_possible", "missing_again not_contactable abroad hospital custody died")
EMPLOYER: Final = _list(
    "employer", "responsible_authority host_authority commissioned placement_provider police"
)
REASONS: Final = _list(
    "reasons",
    "conflict_with_carer family_conflict abuse_or_neglect domestic_abuse substance_misuse_in_home school_problem"
    " bullying isolation placement_unsuitable contact_withheld communication_breakdown mental_health"
    " fear_of_consequences see_family see_friends relationship party social party_social work money work_money"
    " substances exploitation online_contact return_to_previous_placement",
)
HARM: Final = _list(
    "harm",
    "none_disclosed sexual_exploitation sexual_assault criminal_exploitation trafficking physical_assault self_harm"
    " substance_harm financial emotional forced_marriage_concern fgm_concern forced_marriage_fgm_concern"
    " victim_of_crime suspected_perpetrator unknown",
)

SHARED: Final = _list("shared", "prevention_interview return_interview risk plan")
PLAN_TYPE: Final = _list("plan_type", "care placement safety pathway")
MOVED: Final = _list("moved", "case episode interview")
TRANSFER_BASIS: Final = _list("transfer_basis", f"agreement court_order statute {' '.join(BASIS.values)}")
"""On what ground it passes; or, since the member has the name of one that every type takes, how it is known."""
RELATION: Final = _list("relation", "same_episode continuation related")

STANDINGS: Final = (
    "nothing",
    "absence_noticed",
    "missing",
    "away",
    "located",
    "returned",
    "ended",
    "in_error",
)
"""Where an episode can stand (assessment.md 2); derived, never recorded."""
OPEN: Final = frozenset({"absence_noticed", "missing", "away", "located"})
"""The standings of a child who is not back."""
OVER: Final = frozenset({"returned", "ended"})
"""The standings of an episode that has an end."""


UNKNOWN = frozenset({"not_known", "not_asked", "withheld"})
"""Answers that are as good as none."""
