"""Amendment: a correction of what is on record about a person; what stood there before is kept."""

from datetime import datetime

from sqlmodel import Field

from dispatch.model.columns import UUID, Row, instant, sealed, to


class Amendment(Row, table=True):
    """One value put right: what it was, what it became, who asked, on what ground."""

    __tablename__ = "amendment"

    person_id: UUID = to("person")
    subject: str = Field(max_length=40)
    subject_id: UUID = Field(index=True)
    field: str = Field(max_length=40)
    before_sealed: bytes | None = sealed()
    after_sealed: bytes | None = sealed()
    ground_sealed: bytes | None = sealed()
    asked_by: str = Field(max_length=80)
    made_by: str = Field(max_length=80)
    made_at: datetime = instant()
