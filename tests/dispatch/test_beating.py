"""Beats: repeated while work goes on, whatever one of them meets, and no longer."""

import threading

from dispatch.beating import beating


def test_a_beat_that_fails_is_followed_by_another() -> None:
    third = threading.Event()
    beats = []

    def deed() -> bool:
        beats.append(len(beats))
        if len(beats) == 1:
            raise OSError
        if len(beats) == 3:
            third.set()
        return True

    with beating(deed, every_s=0.001):
        assert third.wait(30)
    number = len(beats)
    assert not any(thread.name == "beat" for thread in threading.enumerate())
    assert len(beats) == number


def test_what_is_lost_is_kept_alive_no_more() -> None:
    lost = threading.Event()
    beats = []

    def deed() -> bool:
        beats.append(True)
        lost.set()
        return False

    with beating(deed, every_s=0.001):
        assert lost.wait(30)
        for thread in threading.enumerate():
            if thread.name == "beat":
                thread.join(30)
    assert beats == [True]
