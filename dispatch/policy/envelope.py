"""The envelope of a pack: YAML text to plain data, held against the JSON Schema."""

import json
import re
from collections.abc import Iterator
from importlib import resources
from typing import Any

import jsonschema
import yaml

from dispatch.errors import PackInvalid
from dispatch.policy.wall import parse_week


def schema() -> dict[str, Any]:
    """Return the JSON Schema of packs."""
    text = resources.files("dispatch.policy").joinpath("pack.schema.json").read_text("utf-8")
    content: dict[str, Any] = json.loads(text)
    return content


def schema_issues(content: Any) -> list[str]:
    """Return what the JSON Schema and the windows' grammar find wrong, one sentence each."""
    validator = jsonschema.Draft202012Validator(
        schema(), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    issues = [
        f"{'/'.join(str(part) for part in error.absolute_path) or 'pack'}: {error.message}."
        for error in sorted(validator.iter_errors(content), key=lambda e: str(e.absolute_path))
    ]
    if issues:
        return issues
    for where, name, entry in entries(content):
        if entry["source"] not in content["sources"]:
            issues.append(f"{where}: the source {entry['source']!r} is not listed.")
        if ".windows" in name and entry["value"] is not None:
            try:
                parse_week(entry["value"])
            except ValueError as error:
                issues.append(f"{where}: {error}")
    return issues


def value_issues(parameter: str, value: Any) -> list[str]:
    """Return what is wrong with one value of a parameter, one sentence each; none: it is sound."""
    whole = schema()
    known = whole["$defs"]["values"]["properties"].get(parameter)
    if known is None:
        return [f"There is no parameter {parameter!r}; docs/policy.md lists those there are."]
    validator = jsonschema.Draft202012Validator(
        {**known["properties"]["value"], "$defs": whole["$defs"]}
    )
    issues = [f"{parameter}: {error.message}." for error in validator.iter_errors(value)]
    if not issues and value is None:
        issues = [f"{parameter}: a value is needed."]
    if not issues and ".windows" in parameter:
        try:
            parse_week(value)
        except ValueError as error:
            issues.append(f"{parameter}: {error}")
    return issues


def entries(content: Any) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield where each value of a pack stands, its parameter and its entry, classes included."""
    for name, entry in content["values"].items():
        yield f"values/{name}", name, entry
    for product, values in content.get("classes", {}).items():
        for name, entry in values.items():
            yield f"classes/{product}/{name}", name, entry


class _Reader(yaml.SafeLoader):
    """YAML that keeps dates as text, `on` and `off` as words, and refuses a key said twice."""

    yaml_implicit_resolvers = {  # noqa: RUF012  (a table of the library's class)
        first: [pair for pair in pairs if not pair[0].endswith((":timestamp", ":bool"))]
        for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = sorted({str(key) for key in keys if keys.count(key) > 1})
        if twice:
            raise yaml.constructor.ConstructorError(None, None, f"{twice[0]} is said twice")
        return super().construct_mapping(node, deep=deep)


_Reader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


def read_yaml(text: str, *, name: str) -> Any:
    """Return the content of a YAML text, dates kept as text.

    Raises
    ------
    PackInvalid
        If it can't be read.
    """
    try:
        return yaml.load(text, Loader=_Reader)  # noqa: S506  (a SafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        reason = " ".join(str(error).split())
        msg = f"The policy pack {name} is no YAML that can be read: {reason}"
        raise PackInvalid(msg) from error
