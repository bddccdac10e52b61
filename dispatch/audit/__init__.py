"""The independent auditor of planned and executed days."""

from dispatch.audit.auditor import audit
from dispatch.audit.breach import Breach, Code, Profile

__all__ = ["Breach", "Code", "Profile", "audit"]
