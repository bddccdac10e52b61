"""The composition root of the web: `create_app` puts the parts together; importing does nothing."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Final

from anyio import to_thread
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.staticfiles import StaticFiles

from api import problems
from api.endpoints import (
    accounts,
    agents,
    agreements,
    assessments,
    branches,
    care_calls,
    case_file,
    cases,
    check_ins,
    complaints,
    conduct,
    disasters,
    figures,
    follow_up,
    health,
    imports,
    inbound,
    invitations,
    itinerary,
    locations,
    maps,
    me,
    nights,
    notices,
    optimization,
    outcomes,
    packs,
    permissions,
    plan_runs,
    plans,
    problem_pages,
    referrals,
    risk_flags,
    shifts,
    tokens,
    visits,
)
from api.house import House
from api.metrics import Metrics
from api.middleware import Envelope
from api.operations import Operations
from api.pages import (
    agent,
    borrower,
    care,
    care_risks,
    conduct_desk,
    decision,
    figure,
    law,
    login,
    manager,
    permission,
    telling,
)
from api.pages.problem import problem_page
from api.router import Endpoint
from api.turns import PATIENCE_S, Turns
from dispatch.access.passwords import Passwords
from dispatch.access.tokens import Tokens
from dispatch.clock import Clock, SystemClock
from dispatch.db import Database
from dispatch.gateways.roads import roads_of
from dispatch.settings import Settings
from dispatch.solver.optimization import Optimizer
from dispatch.vault import Vault

ROUTERS: Final[tuple[APIRouter, ...]] = (
    health.routes,
    problem_pages.routes,
    tokens.routes,
    me.routes,
    accounts.routes,
    invitations.routes,
    branches.routes,
    agents.routes,
    shifts.routes,
    cases.routes,
    locations.routes,
    assessments.routes,
    case_file.routes,
    case_file.of_visits,
    visits.of_cases,
    visits.routes,
    permissions.of_cases,
    permissions.routes,
    packs.routes,
    plan_runs.routes,
    plans.routes,
    maps.routes,
    optimization.routes,
    imports.routes,
    itinerary.routes,
    itinerary.of_visits,
    check_ins.routes,
    outcomes.routes,
    figures.routes,
    conduct.routes,
    conduct.of_branches,
    follow_up.promises,
    follow_up.holds,
    follow_up.of_incidents,
    agreements.routes,
    agreements.of_promises,
    complaints.routes,
    care_calls.routes,
    care_calls.holds,
    disasters.routes,
    risk_flags.routes,
    risk_flags.of_cases,
    referrals.routes,
    nights.of_branches,
    notices.routes,
    inbound.routes,
    notices.of_branches,
)
"""JSON endpoints, one router a segment of the path."""

PAGES: Final[tuple[APIRouter, ...]] = (
    login.routes,
    manager.routes,
    decision.routes,
    care.routes,
    care_risks.routes,
    permission.routes,
    law.routes,
    figure.routes,
    conduct_desk.routes,
    telling.routes,
    agent.routes,
    borrower.routes,
)
"""Pages: the manager's, the agent's, the borrower's and the log-in; `router(…, is_page=True)`."""

STATIC: Final = Path(__file__).parent / "static"


def create_app(
    settings: Settings,
    *,
    database: Database | None = None,
    vault: Vault | None = None,
    clock: Clock | None = None,
    passwords: Passwords | None = None,
) -> FastAPI:
    """Return the web application; what isn't given is made from the settings."""
    own = database is None
    database = database or Database(settings.database_url)
    roads = roads_of(settings)
    # SQLite lets one write at a time: a burst is worked off in a while, so that one waits longer.
    patience_s = 5.0 if database.is_sqlite else PATIENCE_S
    house = House(
        settings=settings,
        database=database,
        vault=vault or Vault.of(settings),
        clock=clock or SystemClock(),
        tokens=Tokens.of(settings),
        passwords=passwords or Passwords(),
        metrics=Metrics(),
        roads=roads,
        # Seats leave connections over for the short looks at who is asking (deps, security).
        readers=Turns(6),
        writers=Turns(1 if database.is_sqlite else 6, wait_s=patience_s),
        hashers=Turns(2, wait_s=5.0, is_counted=False),
        optimizers=Turns(4, wait_s=5.0, what="the solver", is_counted=False),
        optimizer=Optimizer(roads, memory_mb=settings.plan_memory_mb),
        # A child of its own: small requests do not wait behind a large one.
        large_optimizer=Optimizer(roads, memory_mb=settings.plan_memory_mb),
        operations=Operations(),
        patience_s=patience_s,
    )
    app = FastAPI(
        title="Fairvisit",
        version="1",
        summary="Plans and dispatches lawful, announced, humane, recorded field visits.",
        lifespan=_lifespan(house, disposes=own),
        generate_unique_id_function=_operation_id,
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.house = house
    app.state.problem_page = problem_page
    app.state.is_current = False
    problems.install(app)
    for router in (*ROUTERS, *PAGES):
        app.include_router(router)
    if STATIC.is_dir():
        app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(Envelope, is_https=settings.base_url.startswith("https:"))
    _require_guarded(app)
    return app


def _lifespan(
    house: House, *, disposes: bool
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        house.operations.close()
        for optimizer in (house.optimizer, house.large_optimizer):
            await to_thread.run_sync(optimizer.close)
        house.roads.close()
        if disposes:
            house.database.dispose()

    return lifespan


def _operation_id(route: APIRoute) -> str:
    return route.name


def _require_guarded(app: FastAPI) -> None:
    """Refuse to start with a route that would not ask the matrix."""
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if isinstance(route, APIRoute) and not isinstance(route, Endpoint):
            msg = f"{route.path} asks nobody who may; make its router with api.router.router()"
            raise TypeError(msg)
