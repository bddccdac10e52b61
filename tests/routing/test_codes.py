"""Every code of a violation or an issue is told in docs/rules.md, and none that is gone."""

import re
from pathlib import Path

import routing
from tests.architecture.house import ROOT

PACKAGE = Path(routing.__file__).parent
PAGE = (ROOT / "docs/rules.md").read_text(encoding="utf-8")


def told(heading):
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return {code for row in rows for code in re.findall(r"`([a-z-]+)`", row)}


def given(pattern, files):
    texts = [path.read_text(encoding="utf-8") for path in files]
    return {code for text in texts for code in re.findall(pattern, text)}


def test_every_violation_is_told():
    files = sorted((PACKAGE / "constraints").glob("*.py"))
    assert given(r'(?:violation\(\s*|code=)"([a-z-]+)"', files) == told("Violations")


def test_every_issue_is_told():
    files = [*sorted(PACKAGE.glob("validate*.py")), PACKAGE / "matrix.py"]
    codes = given(r'Issue\(\s*"([a-z-]+)"', files)
    assert codes == told("Issues")
