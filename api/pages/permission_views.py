"""What the pages of permissions take: consents, relaxations, times of quiet, and the forms for them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.pages.rule_form import Control
from api.pages.views import BranchChoice, Page, Sentence


@dataclass(frozen=True, slots=True)
class ConsentView:
    """A consent to be visited at a place; `standing` is worded by ``permission.standing.*``."""

    id: UUID
    standing: str
    #: ``permission.place.*``; None where it names no place.
    place_kind: str | None
    #: Where about, for who may see people.
    neighbourhood: str | None
    given_at: datetime
    #: ``permission.way.*``
    given_by: str
    taken_by: str | None
    taken_at: datetime | None
    withdrawn_by: str | None
    withdrawn_at: datetime | None
    #: What the consent changes, while it stands.
    effect: Sentence | None


@dataclass(frozen=True, slots=True)
class RelaxationView:
    """A rule that binds one person less."""

    id: UUID
    standing: str
    rule: str
    #: ``permission.giver.*``
    giver: str
    given_at: datetime
    until: Sentence
    ground: str
    first_name: str | None
    recorded_at: datetime
    second_name: str | None
    decided_at: datetime | None
    withdrawn_by: str | None
    withdrawn_at: datetime | None
    #: What was written down, in words.
    value: str
    #: What binds without it and with it; None once it no longer counts.
    before: str | None = None
    after: str | None = None
    #: False: something else that binds is as strict, so nothing changes.
    is_felt: bool = False
    #: Whether the reader took it down, so that somebody else has to vouch for it.
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class QuietView:
    """A time of the week at which the person asked not to be disturbed."""

    weekday: str
    begins: str
    ends: str


@dataclass(frozen=True, slots=True)
class LoosenForm:
    """The form by which one rule is loosened."""

    parameter: str
    rule: str
    #: What binds now, in words.
    value: str
    #: ``permission.giver.*``
    givers: tuple[str, ...]
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    """A place of the person that a consent may name."""

    id: UUID
    kind: str
    neighbourhood: str | None


@dataclass(frozen=True, slots=True)
class PermissionsPage:
    """What a case's person permits or asks for."""

    page: Page
    branch: BranchChoice
    branches: tuple[BranchChoice, ...]
    case_id: UUID
    reference: str
    consents: tuple[ConsentView, ...]
    relaxations: tuple[RelaxationView, ...]
    quiet: tuple[QuietView, ...]
    quiet_by: str | None
    quiet_at: datetime | None
    #: The next three are empty for who may look only.
    places: tuple[PlaceChoice, ...]
    ways: tuple[str, ...]
    forms: tuple[LoosenForm, ...]
    may_change: bool
    #: Wall-clock time of the branch, as a form's control writes it.
    now_local: str

    @property
    def quiet_rows(self) -> tuple[QuietView, ...]:
        """The rows of the form: those there are, and two to fill in."""
        empty = QuietView("mon", "", "")
        return (*self.quiet, empty, empty)


@dataclass(frozen=True, slots=True)
class RelaxationLine:
    """A relaxation in the list of a branch."""

    case_id: UUID
    reference: str
    rule: str
    giver: str
    first_name: str | None
    recorded_at: datetime
    until: Sentence
    standing: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class BranchPermissionsPage:
    """A branch's relaxations that stand, and the way to any case's permissions."""

    page: Page
    branch: BranchChoice
    branches: tuple[BranchChoice, ...]
    waiting: tuple[RelaxationLine, ...]
    standing: tuple[RelaxationLine, ...]
    #: What was looked for in vain.
    missing: str | None = None
