"""Who is signed in, and a new password for them."""

from typing import Annotated

from fastapi import Depends

from api.deps import HouseDep, Me, Now, Write
from api.problems import problems
from api.router import router
from api.schemas.accounts import MeOut, PasswordIn
from dispatch.access.accounts import change_password as change
from dispatch.access.passwords import require_good
from dispatch.errors import Forbidden

routes = router("me", tag="signing in")


@routes.get("")
def read_me(me: Me) -> MeOut:
    """Return the account that asks, its role and its branches."""
    return MeOut.of(me)


async def _proven(body: PasswordIn, me: Me, house: HouseDep) -> str:
    presented = await house.compare(me.login, body.present.get_secret_value())
    if not presented.comparison.is_right:
        msg = "The present password is wrong; without it nobody can set a new one."
        raise Forbidden(msg)
    require_good(body.new.get_secret_value(), login=me.login)
    return await house.hash(body.new.get_secret_value())


@routes.put("/password", status_code=204, responses=problems(409))
def change_password(
    password_hash: Annotated[str, Depends(_proven)], session: Write, me: Me, now: Now
) -> None:
    """Set a new password; every sign-in of the account ends, this one too."""
    change(session, account_id=me.account_id, password_hash=password_hash, now=now)
