"""`python -m dispatch policy playbook`: show a staged process, or list those there are."""

from typing import Annotated, Any

import typer

from dispatch.commands.desk import Json, refuse, tell


def playbook(
    playbook_id: Annotated[
        str | None,
        typer.Argument(metavar="[ID]", help="Such as S1; else all there are, in brief."),
    ] = None,
    language: Annotated[str, typer.Option("--language", help="en or zh-CN.")] = "en",
    as_json: Json = False,
) -> None:
    """Show a playbook: its stages, gates, channels, situations and capabilities."""
    from dispatch.errors import DispatchError
    from dispatch.policy.playbook import load_playbook, shipped_playbooks

    wanted = [playbook_id] if playbook_id else list(shipped_playbooks())
    try:
        found = [_told(load_playbook(one), language) for one in wanted]
    except DispatchError as error:
        refuse(error.detail)
    if as_json:
        tell(found if playbook_id is None else found[0], as_json)
    elif playbook_id is None:
        for one in found:
            typer.echo(f"{one['id']}  {one['title']}")
    else:
        _print(found[0])


def _told(book: Any, language: str) -> dict[str, Any]:
    def titled(title: Any) -> str:
        return str(title.get(language, title["en"]))

    return {
        "id": book.id,
        "version": book.version,
        "title": titled(book.title),
        "stages": [
            {
                "name": step.name,
                "title": titled(step.title),
                "stage": step.stage,
                "channels": list(step.channels),
                "gates": dict(step.gates),
                "opens": step.opens,
                "by": step.by,
                "capabilities": list(step.capabilities),
            }
            for step in book.steps
        ],
        "situations": [
            {
                "name": one.name,
                "title": titled(one.title),
                "from_dpd": one.from_dpd,
                "to_dpd": one.to_dpd,
                "ability": list(one.ability) if one.ability else None,
                "reason": list(one.reason) if one.reason else None,
                "way": one.way,
            }
            for one in book.situations
        ],
        "throughout": list(book.throughout),
    }


def _print(book: dict[str, Any]) -> None:
    typer.echo(f"{book['id']} · {book['title']} · {book['version']}")
    for number, step in enumerate(book["stages"], start=1):
        typer.echo(f"\n{number}. {step['title']} ({step['name']}, the case is {step['stage']})")
        gates = "; ".join(f"{name} {_brief(value)}" for name, value in step["gates"].items())
        for label, text in (
            ("gates", gates),
            ("channels", ", ".join(step["channels"])),
            ("opens", f"{step['opens']}, by {step['by']}" if step["opens"] else "nothing"),
            ("capabilities", " ".join(step["capabilities"])),
        ):
            if text:
                typer.echo(f"   {label}: {text}")
    typer.echo("\nSituations, the first that fits:")
    for one in book["situations"]:
        span = " ".join(
            f"{word} {one[key]} days"
            for word, key in (("from", "from_dpd"), ("to", "to_dpd"))
            if one[key] is not None
        )
        when = "; ".join(
            filter(None, [span, _brief(one["ability"] or []), _brief(one["reason"] or [])])
        )
        typer.echo(f"   {one['title']} ({when}): {one['way']}")
    typer.echo(f"\nThroughout: {' '.join(book['throughout'])}")


def _brief(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
