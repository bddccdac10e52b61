"""Who may: one row for each operation; an operation without a row is refused to everybody.

The key is the operation's id, which is the name of its endpoint function. `tests/api/test_matrix`
walks the published OpenAPI and tries every operation as every role on its own, on foreign and on
no object; it fails on an operation without a row and on a row without an operation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dispatch.model import Role


class Reach(StrEnum):
    """How far an operation reaches, beyond the role."""

    PUBLIC = "public"
    """Anybody, without signing in."""
    LINK = "link"
    """Whoever holds the unguessable token in the path; a wrong one answers 404."""
    SELF = "self"
    """What belongs to the account that asks, or to nobody in particular."""
    BRANCH = "own branches"
    """Rows of branches in sight; a foreign row answers 404. Admins see every branch."""
    ITINERARY = "own itinerary"
    """Rows of the agent's own crews; a colleague's answers 404."""


@dataclass(frozen=True, slots=True)
class Row:
    """Which roles may use an operation, and how far it reaches."""

    reach: Reach
    roles: frozenset[Role] = frozenset()


_A, _M, _G, _U, _S = Role.ADMIN, Role.MANAGER, Role.AGENT, Role.AUDITOR, Role.SERVICE
_EVERY_ROLE = (_A, _M, _G, _U, _S)


def _public() -> Row:
    return Row(Reach.PUBLIC)


def _link() -> Row:
    return Row(Reach.LINK)


def _self(*roles: Role) -> Row:
    return Row(Reach.SELF, frozenset(roles or _EVERY_ROLE))


def _branch(*roles: Role) -> Row:
    return Row(Reach.BRANCH, frozenset(roles))


def _itinerary(*roles: Role) -> Row:
    return Row(Reach.ITINERARY, frozenset(roles or (_G,)))


MATRIX: Final[Mapping[str, Row]] = {
    # health and documents
    "healthz": _public(),
    "readyz": _public(),
    "metrics": _public(),
    "read_problem": _public(),
    # signing in
    "create_token": _public(),
    "revoke_token": _public(),
    "read_me": _self(),
    "change_password": _self(),
    # accounts
    "list_accounts": _branch(_A, _M, _U),
    "read_account": _branch(_A, _M, _U),
    "disable_account": _branch(_A, _M),
    "enable_account": _branch(_A, _M),
    "put_account_branches": _branch(_A),
    "list_invitations": _branch(_A, _M),
    "create_invitation": _branch(_A, _M),
    "delete_invitation": _branch(_A, _M),
    "accept_invitation": _link(),
    # branches and their calendars
    "list_branches": _branch(*_EVERY_ROLE),
    "read_branch": _branch(*_EVERY_ROLE),
    "create_branch": _self(_A),
    "change_branch": _branch(_A, _M),
    "list_holidays": _branch(_A, _M, _U, _S),
    "put_holiday": _branch(_A, _M),
    "delete_holiday": _branch(_A, _M),
    # roster
    "list_agents": _branch(_A, _M, _U),
    "read_agent": _branch(_A, _M, _U),
    "put_agent_standing": _branch(_A, _M),
    "create_training": _branch(_A, _M),
    "list_absences": _branch(_A, _M),
    "create_absence": _branch(_A, _M),
    "delete_absence": _branch(_A, _M),
    "list_shifts": _branch(_A, _M, _U),
    "read_shift": _branch(_A, _M, _U),
    "create_shift": _branch(_A, _M),
    "delete_shift": _branch(_A, _M),
    # cases: people are shown to managers only (dispatch.access.identity)
    "list_cases": _branch(_M, _U),
    "read_case": _branch(_M, _U),
    "read_data_audit": _branch(_M, _U),
    "list_case_contacts": _branch(_M, _U),
    "list_assessments": _branch(_M),
    "create_assessment": _branch(_M),
    "read_relief": _branch(_M),
    "import_rows": _branch(_M, _S),
    # pages that belong to nobody in particular
    "show_start": _public(),
    "show_login": _public(),
    "log_in": _public(),
    "log_out": _self(),
    "show_offline": _public(),
    "read_service_worker": _public(),
    # the manager's day
    "show_day": _branch(_M),
    "show_decision": _branch(_A, _M, _U),
    "plan_this_day": _branch(_M),
    "announce_this_day": _branch(_M),
    "publish_this_day": _branch(_M),
    "repair_this_day": _branch(_M),
    "recall_this_day": _branch(_M),
    "approve_on_day": _branch(_M),
    "show_desk": _branch(_M),
    "tell_at_desk": _branch(_M),
    "clear_up_at_desk": _branch(_M),
    "show_care": _branch(_M),
    "show_alerts": _branch(_M),
    "close_alert_at_desk": _branch(_M),
    "step_complaint_at_desk": _branch(_M),
    "step_call_at_desk": _branch(_M),
    "release_hold_at_desk": _branch(_M),
    "set_risk_at_desk": _branch(_M),
    "lift_risk_at_desk": _branch(_M),
    "show_branch_permissions": _branch(_A, _M, _U),
    "show_permissions": _branch(_A, _M, _U),
    "take_consent_down": _branch(_A, _M),
    "withdraw_consent": _branch(_A, _M),
    "take_relaxation_down": _branch(_A, _M),
    "vouch_for_relaxation": _branch(_A, _M),
    "withdraw_relaxation": _branch(_A, _M),
    "keep_quiet_times": _branch(_A, _M),
    "show_figures": _branch(_A, _M, _U),
    "show_conduct": _branch(_A, _M, _U),
    "review_on_page": _branch(_A, _M),
    "put_breach_right": _branch(_A, _M),
    "show_law": _branch(_A, _M, _U),
    "read_pack_text": _self(_A, _M, _U),
    "propose_on_page": _branch(_A, _M),
    "decide_on_page": _branch(_A, _M),
    "set_holiday_on_page": _branch(_A, _M),
    "remove_holiday_on_page": _branch(_A, _M),
    # the agent's phone
    "show_today": _self(_G),
    "show_visit": _itinerary(),
    "read_visit_amounts": _itinerary(),
    "report_visit": _itinerary(),
    # the borrower's link: an unknown one looks like any other until the second fact is given
    "show_link": _public(),
    "open_link": _public(),
    "reply_by_link": _public(),
    # planning
    "create_plan_run": _branch(_A, _M),
    "read_plan_run": _branch(_A, _M, _U),
    "list_plans": _branch(_A, _M, _U),
    "read_plan": _branch(_A, _M, _U),
    "read_plan_audit": _branch(_A, _M, _U),
    "read_plan_routes": _branch(_M),
    "create_announcement": _branch(_A, _M),
    "publish_plan": _branch(_A, _M),
    "recall_plan": _branch(_A, _M),
    "read_branch_map": _branch(_A, _M, _G, _U),
    # optimisation: nothing on record is read or written
    "create_optimization": _self(_A, _M, _S),
    "read_optimization": _self(_A, _M, _S),
    # visits and the decision to make one
    "read_visit": _branch(_A, _M, _U),
    "read_visit_sheet": _branch(_A, _M, _U),
    "read_visit_decision": _branch(_A, _M, _U),
    "approve_case_visit": _branch(_A, _M),
    "withdraw_visit_approval": _branch(_A, _M),
    # law on record
    "list_pack_changes": _self(_A, _M, _U),
    "create_pack_change": _self(_A, _M),
    "decide_pack_change": _self(_A, _M),
    "list_relaxations": _branch(_A, _M, _U),
    "create_relaxation": _branch(_A, _M),
    "confirm_a_relaxation": _branch(_A, _M),
    "revoke_a_relaxation": _branch(_A, _M),
    "list_consents": _branch(_A, _M, _U),
    "create_consent": _branch(_A, _M),
    "revoke_a_consent": _branch(_A, _M),
    "put_quiet_times": _branch(_A, _M),
    "withdraw_appointment": _branch(_M),
    "put_case_location": _branch(_M),
    # the agent's own day, and facts from the field
    "read_my_itinerary": _self(_G),
    "read_my_timers": _self(_G),
    "put_check_in": _itinerary(),
    "put_outcome": _itinerary(),
    "read_statement": _itinerary(),
    # after a visit
    "list_promises": _branch(_A, _M, _U),
    "renegotiate_promise": _branch(_A, _M),
    "put_break_reason": _branch(_A, _M),
    "list_agreements": _branch(_A, _M, _U),
    "create_agreement": _branch(_A, _M),
    "step_one_agreement": _branch(_A, _M),
    "put_agreement_copy": _branch(_A, _M),
    "release_one_hold": _branch(_A, _M),
    "read_figures": _branch(_A, _M, _U),
    "list_visits_to_review": _branch(_A, _M, _U),
    "list_breaches": _branch(_A, _M, _U),
    "create_review": _branch(_A, _M),
    "list_feedback": _branch(_A, _M, _U),
    "take_message_event": _public(),  # signed by the gateway
    "read_night": _branch(_A, _M, _U),
    "list_notices_to_tell": _branch(_A, _M),
    "list_notices_in_doubt": _branch(_A, _M),
    "create_telling": _branch(_M),
    "create_clearing": _branch(_A, _M),
    "list_incidents": _branch(_A, _M, _U),
    "close_one_incident": _branch(_A, _M),
    # care
    "list_complaints": _branch(_A, _M, _U),
    "create_complaint": _branch(_A, _M),
    "step_one_complaint": _branch(_A, _M),
    "extend_one_complaint": _branch(_A, _M),
    "put_care_training": _branch(_A),
    "list_care_calls": _branch(_A, _M, _U),
    "step_one_care_call": _branch(_A, _M),
    "list_holds": _branch(_A, _M, _U),
    "create_hold": _branch(_A, _M),
    "list_disasters": _branch(_A, _M, _U),
    "count_disaster_reach": _branch(_A, _M),
    "create_disaster": _branch(_A, _M),
    "lift_disaster": _branch(_A, _M),
    "list_risk_flags": _branch(_A, _M, _U),
    "list_case_risk_flags": _branch(_M, _U),
    "create_risk_flag": _branch(_A, _M),
    "lift_risk_flag": _branch(_A, _M),
    "list_referrals": _branch(_A, _M, _G, _U),
    "create_referral": _branch(_A, _M),
    "delete_referral": _branch(_A, _M),
}
