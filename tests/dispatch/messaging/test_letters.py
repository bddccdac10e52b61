"""Letters: the window shows name and address and nothing else, and no word is lost."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from sqlmodel import select
from typer.testing import CliRunner

from dispatch.__main__ import app
from dispatch.db import Database
from dispatch.gateways.letter_pdf import (
    FONT,
    SIZE,
    WINDOW_MM,
    Letter,
    fits,
    laid_out,
    letters_pdf,
)
from dispatch.model import Evidence, Notice, NoticeChannel, Place
from dispatch.solver.run import Solver
from dispatch.vault import Vault
from tests.dispatch.messaging.test_runner import a_post
from tests.support.databases import KEY

WORDS = st.lists(
    st.sampled_from(["李", "杭州市西湖区文三路", "Street", "12-3", "a" * 60, "您好。", "2026"]),
    min_size=1,
    max_size=40,
).map(" ".join)


def joined(texts) -> str:
    return re.sub(r"\s", "", "".join(texts))


@given(name=WORDS, address=WORDS, text=st.lists(WORDS, min_size=1, max_size=8).map("\n\n".join))
def test_the_window_shows_name_and_address_and_the_page_the_rest(name, address, text):
    letter = Letter(name, address, text)
    if not fits(letter):
        return
    left, top, right, bottom = WINDOW_MM
    inside, outside = [], []
    for line in laid_out(letter):
        ends = line.x + stringWidth(line.text, FONT, SIZE) / mm
        assert line.x >= 20
        assert ends <= 190
        assert line.y <= 285
        is_inside = top + 4 < line.y < bottom and left <= line.x and ends <= right
        (inside if is_inside else outside).append(line)
    assert joined(line.text for line in inside) == joined([name, address])
    assert joined(line.text for line in outside) == joined([text])
    assert all(line.y - 5 > bottom for line in outside)


def test_what_fits_no_window_or_no_page_is_told_apart():
    assert fits(Letter("Li", "12 Wensan Road", "Hello"))
    assert not fits(Letter("Li", "Wensan Road " * 40, "Hello"))
    assert not fits(Letter("Li", "12 Wensan Road", "Hello\n" * 60))


def test_each_letter_is_a_page():
    told = letters_pdf([Letter("李", "文三路12号", "您好"), Letter("Wang", "12 Road", "Hello")])
    assert told.startswith(b"%PDF")
    assert len(re.findall(rb"/Type /Page\b", told)) == 2
    assert b"STSong-Light" in told


def test_a_branch_prints_what_goes_by_post(
    sqlite_database: Database,
    vault: Vault,
    solver: Solver,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    post = a_post(sqlite_database, vault, solver, visits=2)
    with sqlite_database.writing() as session:
        first, second = session.exec(select(Notice).order_by(Notice.id)).all()
        first.channel, second.channel = NoticeChannel.LETTER, NoticeChannel.PHONE_DESK
        place = session.exec(select(Place)).first()
        assert place.address_sealed
    monkeypatch.setattr("dispatch.console.SystemClock", lambda: post.world.clock)
    monkeypatch.setenv("FAIRVISIT_DATABASE_URL", str(sqlite_database.url))
    monkeypatch.setenv("FAIRVISIT_MASTER_KEY", KEY)
    file = tmp_path / "letters.pdf"
    words = ["letters", str(file), "--branch", post.world.branch.name]
    done = CliRunner().invoke(app, words)
    assert done.output.startswith("1 letters written")
    assert file.read_bytes().startswith(b"%PDF")
    assert file.stat().st_mode & 0o077 == 0
    kinds = [one.kind for one in post.rows(Evidence) if one.subject_id == first.id]
    assert "notice.printed" in kinds
