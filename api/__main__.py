"""`python -m api`: serve the web; `python -m api run`: web and scheduler together."""

from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from api.run import MakeDemo
    from dispatch.settings import Settings

app = typer.Typer(
    help="Serves Fairvisit's web: pages and HTTP API.",
    add_completion=False,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
)

Host = Annotated[str | None, typer.Option(help="Address to listen on (FAIRVISIT_HOST).")]
Port = Annotated[int | None, typer.Option(min=1, max=65535, help="Port (FAIRVISIT_PORT).")]


@app.callback(invoke_without_command=True)
def serve(context: typer.Context, host: Host = None, port: Port = None) -> None:
    """Serve the web on the host and port of the settings."""
    if context.invoked_subcommand is not None:
        return
    import uvicorn

    from api.app import create_app
    from api.ports import NoFreePort, free_port
    from dispatch import log

    settings = _settings()
    log.configure(settings)
    host, port = host or settings.host, port or settings.port
    try:
        if free_port(host, port) != port:
            _fail(f"Port {port} is taken; choose another with --port.")
    except NoFreePort as error:
        _fail(str(error))
    _require_current(settings)
    uvicorn.run(
        create_app(settings),
        host=host,
        port=port,
        log_config=None,
        access_log=False,  # ours leaves out queries and tokens
        server_header=False,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=3,
    )


@app.command()
def run(port: Port = None) -> None:
    """Start everything: database, demo on first start, web and scheduler; Ctrl-C ends it."""
    from sqlalchemy.exc import SQLAlchemyError

    from api.ports import NoFreePort
    from api.run import run as run_all
    from dispatch.errors import DispatchError

    settings = _settings()
    try:
        demo = _demo_of(settings)
        status = run_all(settings, port=port, make_demo=demo, say=typer.echo)
    except (NoFreePort, DispatchError) as error:
        _fail(str(error))
    except SQLAlchemyError as error:
        _fail(f"The database can't be used: {getattr(error, 'orig', None) or error}")
    raise typer.Exit(status)


def _settings() -> "Settings":
    from pydantic import ValidationError

    from dispatch.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        for one in error.errors():
            name = "_".join(str(part) for part in one["loc"]).upper()
            typer.echo(f"FAIRVISIT_{name}: {one['msg']}" if name else one["msg"], err=True)
        raise typer.Exit(2) from error


def _require_current(settings: "Settings") -> None:
    """End with a sentence where the database lacks a migration; one that is away may come back."""
    from sqlalchemy.exc import SQLAlchemyError

    from dispatch.console import require_current
    from dispatch.db import Database
    from dispatch.errors import Unavailable

    database = Database(settings.database_url)
    try:
        require_current(database)
    except Unavailable as error:
        _fail(error.detail)
    except SQLAlchemyError:
        return  # requests are told so until it is there
    finally:
        database.dispose()


def _demo_of(settings: "Settings") -> "MakeDemo | None":
    from dispatch.settings import Environment

    if settings.environment is not Environment.DEVELOPMENT:
        return None
    from dispatch.clock import SystemClock
    from dispatch.demo.drive import make_demo
    from dispatch.vault import Vault

    return lambda database, address: make_demo(
        database,
        vault=Vault.of(settings),
        settings=settings.model_copy(update={"base_url": address}),
        now=SystemClock().now(),
    )


def _fail(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)


if __name__ == "__main__":
    app(prog_name="python -m api")
