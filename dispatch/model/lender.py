"""Lender and Agency: on whose behalf, and by whose people."""

from sqlmodel import Field

from dispatch.model.columns import UUID, Row, maybe_to


class Lender(Row, table=True):
    """Who lent the money and answers for how it is asked back."""

    __tablename__ = "lender"

    name: str = Field(max_length=200, unique=True)
    name_zh: str | None = Field(default=None, max_length=200)
    complaint_phone: str | None = Field(default=None, max_length=40)
    complaint_email: str | None = Field(default=None, max_length=200)


class Agency(Row, table=True):
    """Whose agents visit: the lender's own team, or a firm it has engaged."""

    __tablename__ = "agency"

    name: str = Field(max_length=200, unique=True)
    lender_id: UUID | None = maybe_to("lender")
    is_external: bool = False
