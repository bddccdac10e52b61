"""One by one: what a duty does for many appointments, so that a damaged row stops nobody else's."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from dispatch.db import apart
from dispatch.model import Appointment
from dispatch.store.incidents import open_alert

_log = logging.getLogger(__name__)


def one_by_one(
    session: Session,
    due: Iterable[Appointment],
    act: Callable[[Appointment], bool],
    *,
    actor: str,
    now: datetime,
) -> int:
    """Do something for each appointment and return for how many it was done.

    What fails is undone alone, comes before a person and is tried again at the next turn.

    Raises
    ------
    DBAPIError
        As the database reports it: no row is to blame for that.
    """
    number = 0
    for one in due:
        try:
            with apart(session):
                number += act(one)
        except DBAPIError:
            raise
        except Exception as error:  # noqa: BLE001  whatever it was, it is one row's
            kind = type(error).__name__
            _log.warning("An appointment is set aside: %s", kind)
            open_alert(
                session,
                branch_id=one.branch_id,
                case_id=one.case_id,
                visit_id=one.visit_id,
                kind="row-set-aside",
                source_id=one.id,
                actor=actor,
                now=now,
                facts={"error": kind},
            )
    return number
