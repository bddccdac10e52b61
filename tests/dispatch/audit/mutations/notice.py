"""Changes of the notice and of the day: lead, age, proof, content, hash, pack."""

from datetime import date
from typing import Final

from dispatch.audit import Code
from tests.dispatch.audit.lawful_day import an_id
from tests.dispatch.audit.mutations.base import (
    A,
    Mutation,
    R,
    X,
    a_day,
    days,
    hours,
    minutes,
    moved,
    notice,
    stay,
    stay_with,
    visit,
    wall,
)

BEFORE: Final = (
    Mutation(
        "71 h 59 min left",
        a_day(
            generated_at=lambda d: min(s.window_from for s in d.stays) - hours(72) + minutes(1),
            sending_delay_s=0,
        ),
        Code.NOTICE_LATE,
        (A,),
    ),
    Mutation(
        "no message hours left in time",
        # The gateway takes ten hours: sent in the evening it were in time, sent in the morning not.
        a_day(generated_at=lambda d: wall(d.stays[0], d, 20, days=-4), sending_delay_s=10 * 3600),
        Code.NOTICE_LATE,
        (A,),
    ),
    Mutation(
        "a gateway that takes eleven days",
        a_day(sending_delay_s=11 * 86400),
        Code.NOTICE_LATE,
        (A,),
    ),
    Mutation(
        "announced 15 days ahead",
        a_day(generated_at=lambda d: max(s.leave_at for s in d.stays) - days(15)),
        Code.NOTICE_STALE,
        (A,),
    ),
    Mutation(
        "no notice is written in the language",
        visit(is_language_written=None),
        Code.NOTICE_LANGUAGE,
        (A,),
    ),
    Mutation(
        "the library has no such language",
        visit(is_language_written=False),
        Code.NOTICE_LANGUAGE,
        (A,),
    ),
)


def _late(seconds: float):
    return lambda s, _d, _r: s.window_from - hours(72) + minutes(seconds / 60)


_MISSING = {
    "no notice": visit(notice=None),
    **{
        f"notice {state}": notice(state=state)
        for state in (
            "drafted",
            "checked",
            "failed",
            "superseded",
            "replaced",
            "suppressed",
            "expired",
        )
    },
}

AFTER: Final = (
    *(Mutation(name, change, Code.NOTICE_MISSING, (R, X)) for name, change in _MISSING.items()),
    Mutation(
        "accepted by the gateway only",
        notice(state="accepted", delivered_at=None, delivered_proof=None),
        Code.NOTICE_UNDELIVERED,
        (R, X),
    ),
    Mutation(
        "delivered, says the gateway, without proof",
        notice(delivered_proof="gateway"),
        Code.NOTICE_UNDELIVERED,
        (R, X),
    ),
    Mutation(
        "a lost reply, never looked up",
        notice(state="unknown", delivered_at=None, delivered_proof=None),
        Code.NOTICE_UNDELIVERED,
        (R, X),
    ),
    Mutation(
        "a delivery of the future",
        notice(delivered_at=lambda s, _d, _r: s.arrive_at + hours(1)),
        Code.NOTICE_UNDELIVERED,
        (R, X),
    ),
    Mutation(
        "delivered a second too late",
        notice(delivered_at=_late(1), sent_at=_late(-600)),
        Code.NOTICE_LATE,
        (R, X),
    ),
    Mutation(
        "sent in time, delivered an hour too late",
        notice(delivered_at=_late(3600), sent_at=_late(-3600)),
        Code.NOTICE_LATE,
        (R, X),
    ),
    Mutation(
        "opened too late, delivery unproven",
        notice(opened_at=_late(60), delivered_proof=None),
        Code.NOTICE_LATE,
        (R, X),
    ),
    Mutation(
        "delivered too long ago",
        notice(delivered_at=lambda s, _d, _r: s.window_until - days(14) - minutes(1)),
        Code.NOTICE_STALE,
        (R, X),
    ),
    Mutation(
        "notice expires before",
        notice(expires_at=lambda s, _d, _r: s.window_until - minutes(1)),
        Code.NOTICE_EXPIRED,
        (R, X),
    ),
    Mutation(
        "notice of another date",
        notice(date_on=lambda _s, d, _r: d.service_date + days(1)),
        Code.NOTICE_DIFFERS,
        (R, X),
    ),
    Mutation(
        "other window than announced",
        stay(lambda s, _d, _r: moved(s, minutes(15))),
        Code.NOTICE_DIFFERS,
        (R, X),
    ),
    Mutation(
        "window wider than announced",
        stay_with(window_until=lambda s, _d, _r: s.window_until + minutes(1)),
        Code.NOTICE_DIFFERS,
        (R, X),
    ),
    Mutation("notice of another place", notice(place_id=an_id("x")), Code.NOTICE_DIFFERS, (R, X)),
    Mutation(
        "another place after the notice",
        visit(place_id=an_id("x")),
        Code.NOTICE_DIFFERS,
        (R, X),
    ),
    Mutation(
        "sent elsewhere after the notice",
        stay_with(place_id=an_id("x")),
        Code.NOTICE_DIFFERS,
        (R, X),
    ),
    Mutation("other purpose", visit(purpose="collect_papers"), Code.NOTICE_DIFFERS, (R, X)),
    Mutation("other hash", notice(content_hash="0" * 64), Code.NOTICE_DIFFERS, (R, X)),
    Mutation("notice in another language", notice(language="fr"), Code.NOTICE_LANGUAGE, (R, X)),
    Mutation("notice in no known language", notice(language=None), Code.NOTICE_LANGUAGE, (R, X)),
    Mutation("notice used before", visit(is_notice_used=True), Code.NOTICE_USED, (R, X)),
)

IN_DENMARK: Final = (
    Mutation(
        "announced by telephone where it must be written",
        notice(channel="phone_desk"),
        Code.NOTICE_NOT_WRITTEN,
        (R, X),
        pack="dk",
    ),
    Mutation(
        "no means of notice on record",
        notice(channel=None),
        Code.NOTICE_NOT_WRITTEN,
        (R, X),
        pack="dk",
    ),
)

DAYS: Final = (
    Mutation("another pack version", a_day(pack_version="2020"), Code.PACK),
    Mutation("another pack", a_day(pack_id="elsewhere"), Code.PACK),
    Mutation("a pack not yet valid", a_day(service_date=date(2025, 12, 31)), Code.PACK),
)

MUTATIONS: Final = (*BEFORE, *AFTER, *DAYS)
