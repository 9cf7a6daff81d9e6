"""Tells the service manager how `quwen up` fares: the protocol of sd_notify(3)."""

import os
import socket
from typing import Literal

_PATIENCE_S = 1.0  # the system holds some messages that nobody reads, then the sender waits

News = Literal["READY=1", "STOPPING=1", "WATCHDOG=1"]


def notify(news: News) -> None:
    """Tell the service manager that started us, if one did and wants to know.

    A manager that has gone away, or does not listen for a second, is no reason to stop or
    to wait: nothing is raised.
    """
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):  # an abstract one, of Linux
        address = "\0" + address[1:]
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
            channel.settimeout(_PATIENCE_S)
            channel.connect(address)
            channel.sendall(news.encode())
    except OSError:
        return
