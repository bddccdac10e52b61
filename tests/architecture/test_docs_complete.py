"""The docs tell of every error, setting, table and command there is."""

import importlib
import pkgutil
import re
import subprocess
import typing

import pytest
from pydantic import BaseModel
from sqlmodel import SQLModel

import dispatch
from dispatch.errors import DispatchError
from dispatch.settings import Settings
from tests.architecture.house import ROOT


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def missing_errors(codes, page):
    """Return the codes without a heading of their own."""
    told = set(re.findall(r"^### +`?([a-z0-9-]+)`?", page, flags=re.MULTILINE))
    return sorted(set(codes) - told)


def missing_settings(names, page):
    """Return the settings that the page does not name in code."""
    return sorted(name for name in names if not re.search(rf"`{re.escape(name)}`", page))


def missing_words(words, page):
    """Return the words that begin no entry and are not in bold."""
    return sorted(
        word for word in words if not re.search(rf"(?m)^\W*{word}\b|\*\*{word}\*\*|`{word}`", page)
    )


def subclasses(kind):
    for child in kind.__subclasses__():
        yield child
        yield from subclasses(child)


def environment_names(model, prefix):
    """Yield the variables of a settings class; a nested one adds its own with `__`."""
    for name, field in model.model_fields.items():
        inner = next(
            (
                part
                for part in (field.annotation, *typing.get_args(field.annotation))
                if isinstance(part, type) and issubclass(part, BaseModel)
            ),
            None,
        )
        if inner:
            yield from environment_names(inner, f"{prefix}{name.upper()}__")
        else:
            yield f"{prefix}{name.upper()}"


@pytest.fixture(scope="module")
def everything():
    """Import all of dispatch, so that every subclass and table is known."""
    for found in pkgutil.walk_packages(dispatch.__path__, "dispatch."):
        if not re.search(r"\.migrations\.|__main__", found.name):
            importlib.import_module(found.name)


def errors():
    """Return the tree of errors, without those that a test made."""
    tree = [DispatchError, *subclasses(DispatchError)]
    return [error for error in tree if error.__module__.startswith("dispatch.")]


def tables():
    return sorted(
        {
            child.__name__
            for child in subclasses(SQLModel)
            if hasattr(child, "__table__") and child.__module__.startswith("dispatch.model")
        }
    )


@pytest.mark.usefixtures("everything")
def test_every_error_has_an_entry():
    codes = {error.code for error in errors()}
    assert missing_errors(codes - {DispatchError.code}, read("docs/errors.md")) == []


@pytest.mark.usefixtures("everything")
def test_every_error_has_a_code_of_its_own_and_a_title():
    codes = [error.code for error in errors()]
    assert sorted(codes) == sorted(set(codes))
    assert [error.__name__ for error in errors() if not error.__doc__] == []


def test_every_setting_has_an_entry():
    names = list(environment_names(Settings, Settings.model_config["env_prefix"]))
    assert names
    assert missing_settings(names, read("docs/settings.md")) == []


def test_settings_page_names_no_setting_that_is_gone():
    names = set(environment_names(Settings, "FAIRVISIT_"))
    told = set(re.findall(r"`(FAIRVISIT_[A-Z0-9_]+)`", read("docs/settings.md")))
    assert sorted(told - names) == []


def test_example_of_env_names_only_settings():
    names = set(environment_names(Settings, "FAIRVISIT_"))
    told = set(re.findall(r"\b(FAIRVISIT_[A-Z0-9_]+)=", read(".env.example")))
    assert told
    assert sorted(told - names) == []


@pytest.mark.usefixtures("everything")
def test_every_table_has_its_word_in_the_glossary():
    assert tables()
    assert missing_words(tables(), read("docs/glossary.md")) == []


def make_targets(makefile):
    return re.findall(r"^([a-z-]+):.*## ", makefile, flags=re.MULTILINE)


def test_make_help_lists_every_target():
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    targets = make_targets(read("Makefile"))
    assert {"install", "run", "test"} <= set(targets)
    assert [name for name in targets if not re.search(rf"make {name}\s", shown.stdout)] == []


def test_readme_tells_the_two_commands():
    readme = read("README.md")
    assert [command for command in ("make run", "make test") if command not in readme] == []


def test_what_is_missing_is_found():
    assert missing_errors({"not-found", "conflict"}, "### not-found\n\n#### conflict\n") == [
        "conflict"
    ]
    assert missing_settings(["FAIRVISIT_PORT"], "| `FAIRVISIT_PORTS` | FAIRVISIT_PORT |") == [
        "FAIRVISIT_PORT"
    ]
    assert missing_words(["Plan", "PlanRun", "Stop"], "| PlanRun | one request |\n**Stop** .") == [
        "Plan"
    ]


def test_nested_settings_are_named_with_two_underscores():
    class Mail(BaseModel):
        host: str

    class Some(BaseModel):
        port: int
        mail: Mail

    assert list(environment_names(Some, "X_")) == ["X_PORT", "X_MAIL__HOST"]
