"""The one tree of errors.

DispatchError
├── NotFound            404  nothing here, or nothing that you may see
├── Conflict            409  the state, the version or an earlier entry stands against it
│   ├── WrongState · StaleVersion · AlreadyThere · SlotTaken · OutcomeDiffers
├── Refused             409  a rule of the trade forbids it; `violations` lists which
│   ├── PlanNotLawful · PlanIncomplete · SendingStopped · CredentialMissing · ...
├── Invalid             422  a payload or a file says something impossible; `issues` lists where
│   ├── ImportInvalid · PlanInputInvalid · OptimizationInvalid · PackInvalid
├── Forbidden           403
├── Unauthenticated     401
├── TooMany             429
└── Unavailable         503  a gateway, the database or the solver did not answer
    ├── GatewayUnavailable · RoadsUnavailable · SolverFailed

The title of a problem is the first line of its class's docstring; `code` is a slug that is never
reused; `detail` says cause and remedy in one sentence. The HTTP status of a kind is told once,
in `api/problems.py`.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, ClassVar


class Kind(StrEnum):
    """What sort of error it is; the edge turns it into a status."""

    NOT_FOUND = "not-found"
    CONFLICT = "conflict"
    REFUSED = "refused"
    INVALID = "invalid"
    FORBIDDEN = "forbidden"
    UNAUTHENTICATED = "unauthenticated"
    TOO_MANY = "too-many"
    UNAVAILABLE = "unavailable"


class DispatchError(Exception):
    """Something went against a rule of the service."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "dispatch-error"

    def __init__(self, detail: str, **extra: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extra: Mapping[str, Any] = extra

    @classmethod
    def title(cls) -> str:
        """Return the first line of the class's docstring."""
        return (cls.__doc__ or cls.__name__).strip().splitlines()[0].rstrip(".")


class NotFound(DispatchError):
    """There is nothing here that you may see."""

    kind = Kind.NOT_FOUND
    code = "not-found"


class Conflict(DispatchError):
    """It stands against what is already there."""

    kind = Kind.CONFLICT
    code = "conflict"


class WrongState(Conflict):
    """The state does not permit this step."""

    code = "wrong-state"


class StaleVersion(Conflict):
    """It has been changed since you looked."""

    code = "stale-version"


class AlreadyThere(Conflict):
    """It is already there."""

    code = "already-there"


class SlotTaken(Conflict):
    """The slot is no longer free."""

    code = "slot-taken"


class OutcomeDiffers(Conflict):
    """An outcome with this id but other content is on record; both are kept."""

    code = "outcome-differs"


class Refused(DispatchError):
    """A rule of the trade forbids it."""

    kind = Kind.REFUSED
    code = "refused"

    def __init__(self, detail: str, violations: Sequence[Any] = (), **extra: Any) -> None:
        super().__init__(
            detail, **({"violations": list(violations)} if violations else {}), **extra
        )
        self.violations = tuple(violations)


class PlanNotLawful(Refused):
    """The audit found visits in the plan that may not be made."""

    code = "plan-not-lawful"


class PlanIncomplete(Refused):
    """The plan leaves out a visit that was promised."""

    code = "plan-incomplete"


class VisitNotEligible(Refused):
    """The case does not meet the conditions for a visit."""

    code = "visit-not-eligible"


class SendingStopped(Refused):
    """Sending is switched off."""

    code = "sending-stopped"


class PackRefused(Refused):
    """The policy pack may not be used for this."""

    code = "pack-refused"


class Invalid(DispatchError):
    """What was sent can't be right."""

    kind = Kind.INVALID
    code = "invalid"

    def __init__(self, detail: str, issues: Sequence[Any] = (), **extra: Any) -> None:
        super().__init__(detail, **({"issues": list(issues)} if issues else {}), **extra)
        self.issues = tuple(issues)


class ImportInvalid(Invalid):
    """The file can't be imported as it is."""

    code = "import-invalid"


class PlanInputInvalid(Invalid):
    """The day can't be planned from what is on record."""

    code = "plan-input-invalid"


class OptimizationInvalid(Invalid):
    """The request can't be planned as stated."""

    code = "optimization-invalid"


class PackInvalid(Invalid):
    """The policy pack is malformed."""

    code = "pack-invalid"


class SettingsInvalid(Invalid):
    """A setting is missing or can't be right."""

    code = "settings-invalid"


class Forbidden(DispatchError):
    """Your role does not permit this."""

    kind = Kind.FORBIDDEN
    code = "forbidden"


class Unauthenticated(DispatchError):
    """You are not signed in, or your sign-in has run out."""

    kind = Kind.UNAUTHENTICATED
    code = "unauthenticated"


class TooMany(DispatchError):
    """Too many tries in a short time."""

    kind = Kind.TOO_MANY
    code = "too-many"


class Unavailable(DispatchError):
    """A service that this needs does not answer."""

    kind = Kind.UNAVAILABLE
    code = "unavailable"


class GatewayUnavailable(Unavailable):
    """A gateway to the outside did not do what it was asked."""

    code = "gateway-unavailable"

    def __init__(self, detail: str, *, permanent: bool = False, **extra: Any) -> None:
        super().__init__(detail, **extra)
        self.permanent = permanent


class RoadsUnavailable(GatewayUnavailable):
    """The road service did not answer."""

    code = "roads-unavailable"


class SolverFailed(Unavailable):
    """The solver's process ended without a plan."""

    code = "solver-failed"

    last: Any = None
    """The last plan that the solver had told of, checked; None where there is none."""
