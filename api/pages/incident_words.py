"""What an incident is called: a breach by its finding, an alert by its name, a rule by its fault."""

from api.wording import Translator

_BREACH = "breach-"
_AUDIT = "audit-"


def incident_word(kind: str, t: Translator) -> str:
    """Return the words for an incident's kind; its own name where nobody gave it any."""
    finding = kind.removeprefix(_BREACH).replace("-", "_")
    for key in (
        f"conduct.finding.{finding}" if kind.startswith(_BREACH) else "",
        f"care.alert.{kind}",
        f"fault.{kind.removeprefix(_AUDIT)}",
    ):
        if t.has(key):
            return t(key)
    return t("care.alert.other", kind=kind)
