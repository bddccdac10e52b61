"""Places without a position: asked for outside any transaction, each address once."""

from dataclasses import replace

from dispatch.db import Database
from dispatch.errors import GatewayUnavailable
from dispatch.gateways.geocoder import Confidence, FakeGeocoder, Located
from dispatch.model import LocationState, Person, Place
from dispatch.settings import GeocoderKind
from dispatch.solver.run import Solver
from dispatch.store.rows import find
from dispatch.vault import Vault
from scheduler.locating import locate_places
from tests.support import builders as make
from tests.support.scheduling import a_context


def a_lost_place(database: Database, vault: Vault) -> tuple[Place, str]:
    with database.writing() as session:
        case = make.a_case(session, vault, make.a_branch(session, vault), make.a_lender(session))
        place = find(session, Place, case.place_id)
        place.location, place.point_sealed = LocationState.NEEDS_LOCATING, None
        return place, vault.read(find(session, Person, case.person_id), place, "address")


def a_geocoding_context(database: Database, vault: Vault, solver: Solver, geocoder: FakeGeocoder):
    context = a_context(database, vault, solver)
    settings = context.settings.model_copy(update={"geocoder": GeocoderKind.NOMINATIM})
    return replace(context, settings=settings, geocoder=geocoder)


def test_a_found_address_places_the_case(database: Database, vault: Vault, solver: Solver) -> None:
    place, address = a_lost_place(database, vault)
    known = FakeGeocoder({address: Located(30.61, 119.91, Confidence.HIGH, "nominatim")})
    context = a_geocoding_context(database, vault, solver, known)
    locate_places(context)
    locate_places(context)
    assert len(known.asked) == 1
    with database.reading() as session:
        assert find(session, Place, place.id).location is LocationState.LOCATED


def test_an_unknown_address_waits_for_a_person(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    place, _ = a_lost_place(sqlite_database, vault)
    nobody = FakeGeocoder()
    context = a_geocoding_context(sqlite_database, vault, solver, nobody)
    locate_places(context)
    locate_places(context)
    assert len(nobody.asked) == 1
    with sqlite_database.reading() as session:
        assert find(session, Place, place.id).location is LocationState.NEEDS_LOCATING


def test_a_provider_that_fails_is_asked_again(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    a_lost_place(sqlite_database, vault)
    down = FakeGeocoder()
    down.failure = GatewayUnavailable("It is down.")
    context = a_geocoding_context(sqlite_database, vault, solver, down)
    assert locate_places(context) == {}
    locate_places(context)
    assert len(down.asked) == 2


def test_by_default_nobody_is_asked(
    sqlite_database: Database, vault: Vault, solver: Solver
) -> None:
    a_lost_place(sqlite_database, vault)
    asked = FakeGeocoder()
    locate_places(replace(a_context(sqlite_database, vault, solver), geocoder=asked))
    assert asked.asked == []
