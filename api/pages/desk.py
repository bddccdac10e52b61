"""Desk: who looks at which day of which branch, and when; what every part of the day's page asks."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from api.house import House
from api.pages.views import Page
from api.wording import Translator, translator
from dispatch.access.identity import Identity
from dispatch.model import Branch


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Who looks at which day of which branch, and when."""

    session: Session
    house: House
    me: Identity
    branch: Branch
    on: date
    now: datetime
    page: Page

    @property
    def words(self) -> Translator:
        """The reader's language, in the branch's time zone."""
        return translator(self.page.locale, self.branch.time_zone)
