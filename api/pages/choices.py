"""The closed lists which pages offer, in the order a person would look for them."""

from dataclasses import dataclass

#: Answers of the borrower, in the order of the page: the appointment first, then help, then rights.
REPLIES = (
    "confirm",
    "move",
    "refuse",
    "hardship",
    "dispute",
    "complain",
    "stop",
    "felt",
    "contest",
)

FELT = ("respected", "mixed", "not_respected")
RELIEF = ("instalments", "extension", "deferral", "specialist")

COMPLAINT_KINDS = ("conduct", "privacy", "notice", "stranger", "other")


#: What the next crew should know of the way: ``risk.kind.*``.
RISKS = ("loose_dog", "no_light", "unsafe_building", "lonely_way", "earlier_threat")
#: Why a flag is lifted: ``risk.lifted.*``.
RISK_LIFTED = ("gone", "made_safe", "not_met_again", "mistake")


@dataclass(frozen=True, slots=True)
class OutcomeGroup:
    """Outcome codes that answer one question of the report; worded by ``outcome_group.<name>``."""

    name: str
    #: Sub-headings (``outcome_part.<name>``) with their codes.
    parts: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes of the group."""
        return tuple(code for _, codes in self.parts for code in codes)


OUTCOME_GROUPS = (
    OutcomeGroup(
        "person",
        (
            (
                "payment",
                ("PTP", "PLAN_REQUEST", "PLAN_SIGNED", "ALREADY_PAID", "PAID_PART", "PAID_FULL"),
            ),
            ("care", ("HARDSHIP", "VULNERABLE", "DISTRESS", "LANGUAGE")),
            ("objection", ("DISPUTE", "COMPLAINT", "REPRESENTED")),
            (
                "boundary",
                ("DECLINED_TALK", "RESCHEDULE", "REFUSED_PAY", "STOP_VISITS", "STOP_ALL"),
            ),
        ),
    ),
    OutcomeGroup(
        "other",
        (
            (
                "household",
                ("TP_ABSENT", "TP_AWAY", "TP_MOVED", "TP_UNKNOWN", "TP_DECEASED", "MINOR_ONLY"),
            ),
            ("boundary", ("TP_OBJECTS", "ID_UNVERIFIED", "WORK_BARRED")),
        ),
    ),
    OutcomeGroup(
        "nobody",
        (("door", ("NO_ANSWER", "APPT_MISSED_B", "NO_ACCESS", "BAD_ADDRESS", "VACANT")),),
    ),
    OutcomeGroup(
        "stopped",
        (
            ("crew", ("ABORT_SAFETY", "INCIDENT", "ABORT_LATE", "ABORT_POLICY")),
            ("news", ("PAID_EN_ROUTE", "HOLD_EN_ROUTE", "CANCELLED_B", "CANCELLED_L")),
        ),
    ),
)

ATTITUDES = ("cooperative", "neutral", "reluctant", "upset", "hostile")
WILLINGNESS = ("willing", "willing_if_plan", "unsure", "unwilling", "not_discussed")
IDENTITY_METHODS = ("document", "second_fact", "own_device")
