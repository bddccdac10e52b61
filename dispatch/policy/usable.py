"""Usable: whether a pack may be planned under on a date; if not, cause and remedy."""

from datetime import date

from dispatch.errors import PackRefused
from dispatch.policy.contradictions import contradictions
from dispatch.policy.pack import Pack
from dispatch.settings import Environment


def ensure_usable(pack: Pack, environment: Environment, on: date) -> None:
    """Refuse a pack not in force on a date, contradictory, or unsigned in production.

    Raises
    ------
    PackRefused
        With cause and remedy.
    """
    found = contradictions(pack)
    told = _out_of_date(pack, on)
    if told is None and found:
        named = " ".join(f"{one.cause} ({', '.join(one.parameters)})" for one in found)
        told = f"contradicts itself or the baseline: {named} Mend it, then lint it again."
    if told is None and environment is Environment.PRODUCTION:
        told = _not_signed(pack, on)
    if told is not None:
        msg = f"The policy pack {pack.id} (version {pack.version}) {told}"
        raise PackRefused(msg, pack=pack.id, problems=[one.cause for one in found])


def _out_of_date(pack: Pack, on: date) -> str | None:
    if pack.valid_from > on:
        return f"is valid from {pack.valid_from} on; plan a later date or use another pack."
    if pack.valid_until is not None and pack.valid_until < on:
        return f"expired on {pack.valid_until}; have counsel renew it before planning goes on."
    for parameter, value in pack.values.items():
        if value.switched_on is not None and value.switched_on > on:
            return f"switches {parameter} on from {value.switched_on} only; plan a later date."
    return None


def _not_signed(pack: Pack, on: date) -> str | None:
    if pack.signed_by is None:
        return "is not signed; a named counsel must sign it before it is used in production."
    if pack.signed_by.signed_on > on:
        return f"is signed from {pack.signed_by.signed_on} only; a signature to come is none."
    if pack.review_on < on:
        return f"was due for review on {pack.review_on}; have counsel review and re-date it."
    return None
