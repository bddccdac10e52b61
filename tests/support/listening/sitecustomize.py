"""Python imports this as it starts, where its folder is on PYTHONPATH: notes what goes out of the process.

Each line of the file that `FAIRVISIT_TEST_OUTWARD` names is one event: that a process began, a
connection or datagram to an address, a name that was looked up, a program that was started.
Children inherit both variables, so that they are heard as well.
"""

import json
import os
import sys

_FILE = os.environ["FAIRVISIT_TEST_OUTWARD"]
_CONNECTS = ("socket.connect", "socket.sendto", "socket.sendmsg")
_NAMES = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")
_PROGRAMS = ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.system", "os.fork")


def _note(event, what):
    line = json.dumps([os.getpid(), event, str(what)]) + "\n"
    number = os.open(_FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(number, line.encode())
    finally:
        os.close(number)


def _hook(event, given):
    if event in _CONNECTS:
        address = given[1]
        is_inside = not isinstance(address, tuple)  # a path of this machine, or no address at all
        if not is_inside:
            _note("connect", f"{address[0]}:{address[1]}")
    elif event in _NAMES:
        _note("name", given[0])
    elif event in _PROGRAMS:
        _note("program", given[0] if given else "")


_note("began", " ".join(sys.orig_argv[1:]))
sys.addaudithook(_hook)
