"""Static files: no foreign address, no missing import, vendored files as recorded, legible colours."""

import hashlib
import re
from pathlib import Path

import pytest

API = Path(__file__).parents[3] / "api"
STATIC = API / "static"
OWN = [p for p in STATIC.rglob("*") if p.is_file() and "vendor" not in p.parts]
XML_NAMES = "http://www.w3.org/2000/svg"
TEXT_PAIRS = [
    ("ink", "paper"), ("ink", "surface"), ("ink", "sunken"), ("ink", "accent-wash"), ("ink", "stop-wash"),
    ("ink-soft", "paper"), ("ink-soft", "surface"), ("ink-soft", "sunken"), ("ink-soft", "accent-wash"),
    ("accent", "surface"), ("accent", "paper"), ("accent", "accent-wash"), ("on-accent", "accent"),
    ("on-accent", "accent-deep"), ("bar-ink", "bar"), ("good", "good-wash"), ("good", "surface"),
    ("wait", "wait-wash"), ("care", "care-wash"), ("care", "surface"), ("stop", "stop-wash"),
    ("stop", "surface"), ("calm", "calm-wash"), ("danger", "surface"), ("brass", "surface"),
    *((f"crew-{n}", "surface") for n in range(8)),
]  # fmt: skip
LINE_PAIRS = [
    ("line-strong", "surface"),
    ("line-strong", "paper"),
    ("focus", "surface"),
    ("focus", "paper"),
]


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


def schemes() -> dict[str, dict[str, str]]:
    css = (STATIC / "app.css").read_text()
    light = tokens(css[css.index(":root {") : css.index("@media (prefers-color-scheme: dark)")])
    by_system = tokens(
        css[css.index(":root:not([data-theme=") : css.index(':root[data-theme="dark"] {')]
    )
    by_choice = tokens(css[css.index(':root[data-theme="dark"] {') : css.index("/* --- base")])
    return {
        "light": light,
        "dark by system": {**light, **by_system},
        "dark by choice": {**light, **by_choice},
    }


def luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark by system", "dark by choice"])
def test_text_reaches_the_contrast_of_wcag_aa(scheme: str) -> None:
    colours = schemes()[scheme]
    poor = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in TEXT_PAIRS}
    assert {pair: ratio for pair, ratio in poor.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("scheme", ["light", "dark by system", "dark by choice"])
def test_borders_of_controls_and_focus_reach_three_to_one(scheme: str) -> None:
    colours = schemes()[scheme]
    poor = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in LINE_PAIRS}
    assert {pair: ratio for pair, ratio in poor.items() if ratio < 3} == {}


def test_dark_is_the_same_whether_chosen_or_by_system() -> None:
    assert schemes()["dark by system"] == schemes()["dark by choice"]


def test_every_token_in_use_is_defined() -> None:
    css = (STATIC / "app.css").read_text()
    scripts = "".join(p.read_text() for p in (STATIC / "js").glob("*.js"))
    used = set(re.findall(r"var\(--([\w-]+)", css)) | set(
        re.findall(r'token\("--([\w-]+)"', scripts)
    )
    assert used - set(re.findall(r"--([\w-]+):", css)) == set()


@pytest.mark.parametrize("path", OWN, ids=lambda p: p.name)
def test_no_file_of_ours_names_a_foreign_address(path: Path) -> None:
    text = path.read_text("utf-8").replace(XML_NAMES, "")
    assert (
        re.findall(
            r"(?:https?:)?//(?!\s)[\w-]+\.[\w.-]+",
            re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE),
        )
        == []
    )


def test_no_template_names_a_foreign_address() -> None:
    for path in (API / "templates").rglob("*.html"):
        assert not re.search("https?:", path.read_text("utf-8")), path


def test_no_template_holds_words_of_its_own() -> None:
    for path in (API / "templates").rglob("*.html"):
        bare = re.sub(
            r"\{% block body_class %\}\w*\{% endblock %\}|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}",
            "",
            path.read_text("utf-8"),
            flags=re.DOTALL,
        )
        spoken = re.findall(r'(?:aria-label|title|alt|placeholder|value)="([^"]*)"', bare)
        text = re.sub(r"<[^>]*>", " ", bare, flags=re.DOTALL)
        assert re.findall(r"[A-Za-z\u4e00-\u9fff]{2,}", text) == [], path
        machine = {
            "none",
            "visits",
            "all",
            "confirm",
            "contest",
            "felt",
            "move",
            "refuse",
            "told",
            "not_reached",
            "true",
            "false",
        }  # values read by the server
        assert [
            word for word in spoken if re.search(r"[A-Za-z]{2,}", word) and word not in machine
        ] == [], path


def test_each_import_of_a_script_meets_a_file() -> None:
    for path in (STATIC / "js").glob("*.js"):
        for target in re.findall(r'from "(\.[^"]+)"', path.read_text()):
            assert (path.parent / target).is_file(), (path.name, target)


def test_the_service_worker_keeps_only_files_that_exist_and_all_that_the_agent_needs() -> None:
    source = (STATIC / "js/service-worker.js").read_text()
    scripts = re.search(r"\.\.\.\[(.*?)\]\.map", source)
    assert scripts
    kept = {f"js/{name}.js" for name in re.findall(r'"(\w+)"', scripts[1])}
    kept |= set(re.findall(r'"/static/([^"`$]+\.\w+)"', source))
    assert [name for name in kept if not (STATIC / name).is_file()] == []
    needed, queue = set(), ["js/today.js", "js/visit.js", "js/theme.js"]
    while queue:
        name = queue.pop()
        needed.add(name)
        path = STATIC / name
        found = [
            (path.parent / t).resolve() for t in re.findall(r'from "(\.[^"]+)"', path.read_text())
        ]
        queue += [
            str(p.relative_to(STATIC)) for p in found if str(p.relative_to(STATIC)) not in needed
        ]
    assert needed - kept == set()


def test_scripts_and_style_stay_small() -> None:
    lengths = {p.name: p.read_text().count("\n") for p in (STATIC / "js").glob("*.js")}
    assert {name: count for name, count in lengths.items() if count > 200} == {}


def test_vendored_files_are_those_recorded_with_a_licence_each() -> None:
    vendor = STATIC / "vendor"
    recorded = dict(
        reversed(line.split("  ", 1))
        for line in (vendor / "CHECKSUMS.txt").read_text().splitlines()
    )
    present = {
        str(path.relative_to(vendor)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in vendor.glob("*/*")
    }
    assert present == recorded
    folders = {path.parent.name for path in vendor.glob("*/*")}
    assert all((vendor / folder / "LICENSE.txt").is_file() for folder in folders)
    assert all(re.fullmatch(r"[\w-]+@\d+\.\d+\.\d+", folder) for folder in folders)
