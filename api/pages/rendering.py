"""Turns a view into HTML: the Jinja environment, and what the scripts of a page are given."""

from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from api.pages import choices
from api.pages.views import DayPage, Page, Sentence, StopView
from api.wording import LOCALES, Translator, translator

TEMPLATES = Path(__file__).parents[1] / "templates"

#: Sent with every page: scripts and styles are files of ours, nothing inline, nothing from elsewhere.
#: MapLibre's icons are ``data:`` images in its style sheet.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "worker-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
#: The borrower's page runs no script at all.
BORROWER_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


class View(Protocol):
    """Any of the page dataclasses."""

    @property
    def page(self) -> Page:
        """What every page needs."""


@cache
def environment() -> Environment:
    """The one environment: escapes always, and refuses what a view does not hold."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(locales=LOCALES, choices=choices, day_script=day_script)
    return made


def render(template: str, view: View) -> str:
    """Render `template` from `view`, in the language and time zone of its page."""
    t = translator(view.page.locale, view.page.time_zone)
    return (
        environment()
        .get_template(template)
        .render(view=view, page=view.page, t=t, say=lambda sentence: say(t, sentence))
    )


def say(t: Translator, sentence: Sentence) -> str:
    """Word a sentence of a view."""
    return t(sentence.key, **sentence.values)


def day_script(view: DayPage, t: Translator) -> dict[str, Any]:
    """What the map and the crews x time drawing need, with wall-clock times of the branch."""
    return {
        "branch_id": str(view.branch.id),
        "service_on": view.service_on.isoformat(),
        "plan": view.plan and {"id": str(view.plan.id), "version": view.plan.version},
        "run": view.run and {"id": str(view.run.id), "is_open": view.run.is_open},
        "routes": [
            {
                "id": str(route.id),
                "label": route.label,
                "crew": t("list.joint").join(route.members),
                "from": t.local_iso(route.from_at),
                "to": t.local_iso(route.until_at),
                "line": route.line,
                "breaks": [
                    {"from": t.local_iso(rest.from_at), "to": t.local_iso(rest.until_at)}
                    for rest in route.breaks
                ],
                "stops": [_stop_script(stop, t) for stop in route.stops],
            }
            for route in view.routes
        ],
        "words": t.section("script.day"),
    }


def _stop_script(stop: StopView, t: Translator) -> dict[str, Any]:
    spoken = t(
        "day.stop_spoken",
        position=stop.position,
        reference=stop.reference,
        place=stop.neighbourhood,
        start=t.time(stop.start_at),
        state=t(f"appointment.{stop.state}"),
    )
    kept = asdict(stop)
    return {
        "id": str(stop.visit_id),
        "spoken": spoken,
        **{name: kept[name] for name in ("reference", "position", "state", "lock", "lat", "lon")},
        **{
            name: t.local_iso(kept[f"{name}_at"])
            for name in ("start", "leave", "window_from", "window_until")
        },
        "travel_s": stop.travel_s,
    }
