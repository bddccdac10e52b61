"""Apology: the crew came too late and went again; somebody says sorry, by phone, within days."""

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from dispatch.errors import Refused
from dispatch.fieldwork.scene import Scene
from dispatch.model import Appointment, Notice, NoticeChannel, NoticeKind, NoticeState
from dispatch.store.incidents import open_incident
from dispatch.store.notices import about_of
from dispatch.vault import Vault
from dispatch.wording.draft import draft

WITHIN: Final = timedelta(days=3)
"""After that an apology would only disturb."""


def leave_apology(
    session: Session,
    scene: Scene,
    appointment: Appointment,
    *,
    vault: Vault,
    base_url: str,
    now: datetime,
) -> Notice | None:
    """Leave an apology for the phone desk: the window is past, so no message could still help.

    Where the guard of words refuses it, the report is stored all the same, and somebody looks.
    """
    about = about_of(session, visit=scene.visit, appointment=appointment, branch=scene.branch)
    try:
        notice = draft(
            about,
            NoticeKind.APOLOGY,
            vault=vault,
            base_url=base_url,
            point=None,
            by_hand=NoticeChannel.PHONE_DESK,
            send_after_at=now,
            now=now,
        )
    except Refused as error:
        open_incident(
            session,
            visit=scene.visit,
            kind="apology-not-written",
            source_id=appointment.id,
            actor=scene.actor,
            now=now,
            facts={"cause": error.detail},
        )
        return None
    notice.expires_at = now + WITHIN
    session.add(notice)
    session.flush()
    notice.move_to(NoticeState.CHECKED, actor=scene.actor, now=now, why="came too late")
    return notice
