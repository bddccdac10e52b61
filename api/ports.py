"""Ports: the first one on which nobody listens."""

import errno
import socket

TRIED = 50


class NoFreePort(Exception):
    """Neither the port nor the next ones could be had; the message says why."""


def free_port(host: str, wanted: int) -> int:
    """Return `wanted`, or the next free port of the host after it.

    Raises
    ------
    NoFreePort
        If the host is not ours, the port is not permitted, or 50 in a row are taken.
    """
    for port in range(wanted, min(wanted + TRIED, 65536)):
        try:
            if _is_free(host, port):
                return port
        except OSError as error:
            msg = f"{host}:{port} can't be used: {error.strerror or error}."
            raise NoFreePort(msg) from error
    msg = (
        f"The ports {wanted} to {wanted + TRIED - 1} are taken; set FAIRVISIT_PORT to a free one."
    )
    raise NoFreePort(msg)


def _is_free(host: str, port: int) -> bool:
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server will
        try:
            probe.bind(address)
            probe.listen()
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise
    return True
