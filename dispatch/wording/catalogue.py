"""The texts as written: one file of messages and one of the door a language, and where each stands."""

from functools import cache
from hashlib import sha256
from importlib import resources
from typing import Any, Final

import yaml

WRITTEN: Final = ("en", "zh-CN", "hi", "id")
"""Every language with texts, drafts that nobody may be sent included."""


@cache
def messages(language: str) -> dict[str, Any]:
    """Return a language's messages: template, means, part."""
    return _read(f"{language}.yaml")


@cache
def door(language: str) -> dict[str, Any]:
    """Return what a language says at the door: step by step, aside, and of what the visit is about."""
    return _read(f"door/{language}.yaml")


def is_enabled(texts: dict[str, Any]) -> bool:
    """Whether texts may be used: complete, or a machine's draft that a native reviewer has signed."""
    if texts["standing"] == "complete":
        return True
    signed = texts.get("reviewed")
    return isinstance(signed, dict) and bool(signed.get("by")) and bool(signed.get("on"))


def version_of(*texts: str) -> str:
    """Return the version of a text: a hash of it as written, so that no change goes unseen."""
    return sha256("\0".join(texts).encode()).hexdigest()[:16]


def _read(name: str) -> dict[str, Any]:
    file = resources.files("dispatch.wording").joinpath("texts", *name.split("/"))
    content: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))
    return content


LANGUAGES: Final = tuple(
    name for name in WRITTEN if is_enabled(messages(name)) and is_enabled(door(name))
)
"""The languages in which anything may be said."""
