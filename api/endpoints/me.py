"""Who is signed in."""

from api.deps import Me
from api.router import router
from api.schemas.accounts import MeOut

routes = router("me", tag="signing in")


@routes.get("")
def read_me(me: Me) -> MeOut:
    """Return the account that asks, its role and its branches."""
    return MeOut.of(me)
