import gc
import os
import signal
import threading
import time

import pytest

from dispatch.gateways.child import Child, ChildFailed

SCRIPT = """
import os, sys, time
from multiprocessing.connection import Connection
requests = Connection(int(sys.argv[1]), writable=False)
answers = Connection(int(sys.argv[2]), readable=False)
try:
    while True:
        asked = requests.recv_bytes()
        if asked == b"die":
            os._exit(3)
        if asked == b"hang":
            time.sleep(60)
        if asked == b"half":
            os.write(int(sys.argv[2]), (10_000_000).to_bytes(4, "big") + b"x" * 1000)
            time.sleep(60)
        answers.send_bytes(asked[::-1])
except EOFError:
    pass
"""


@pytest.fixture
def child(tmp_path):
    script = tmp_path / "child.py"
    script.write_text(SCRIPT)
    child = Child(script)
    yield child
    child.close()


def test_it_answers_large_and_small_from_one_process(child) -> None:
    assert child.ask(b"abc", deadline_s=20) == b"cba"
    pid = child.pid
    large = os.urandom(3_000_000)
    assert child.ask(large, deadline_s=20) == large[::-1]
    assert child.pid == pid


def test_a_death_is_told_and_the_next_question_starts_another(child) -> None:
    with pytest.raises(ChildFailed, match=r"died \(exit 3\)") as caught:
        child.ask(b"die", deadline_s=20)
    assert caught.value.was_asked
    assert not caught.value.timed_out
    assert child.ask(b"abc", deadline_s=20) == b"cba"


@pytest.mark.parametrize("asked", [b"hang", b"half"])
def test_one_that_hangs_even_in_the_middle_of_an_answer_is_killed(child, asked) -> None:
    child.ask(b"", deadline_s=20)
    begun = time.monotonic()
    with pytest.raises(ChildFailed, match="killed") as caught:
        child.ask(asked, deadline_s=0.2)
    assert time.monotonic() - begun < 2
    assert caught.value.timed_out
    assert child.ask(b"abc", deadline_s=20) == b"cba"


def test_a_stopped_one_can_t_hold_up_a_request_larger_than_the_pipe(child) -> None:
    child.ask(b"", deadline_s=20)
    os.kill(child.pid, signal.SIGSTOP)
    with pytest.raises(ChildFailed) as caught:
        child.ask(b"x" * 10_000_000, deadline_s=0.2)
    assert caught.value.timed_out
    assert not caught.value.was_asked


def test_who_waits_for_another_waits_out_of_the_own_deadline(child) -> None:
    child.ask(b"", deadline_s=20)
    failures = []

    def hang() -> None:
        try:
            child.ask(b"hang", deadline_s=1.0)
        except ChildFailed as error:
            failures.append(error)

    other = threading.Thread(target=hang)
    other.start()
    while not child._lock.locked():
        pass
    with pytest.raises(ChildFailed, match="busy") as caught:
        child.ask(b"abc", deadline_s=0.1)
    assert not caught.value.was_asked
    other.join()
    assert len(failures) == 1


def test_it_ends_with_its_owner(tmp_path) -> None:
    script = tmp_path / "child.py"
    script.write_text(SCRIPT)
    child = Child(script)
    child.ask(b"", deadline_s=20)
    pid = child.pid
    del child
    gc.collect()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
