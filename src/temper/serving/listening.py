"""The socket that a small web server listens at."""

import socket


def listen(host: str, port: int) -> socket.socket:
    """A listening socket that says it speaks TCP; port 0 takes a free one.

    Only then does asyncio send small parts at once; otherwise an answer waits 40 ms for an
    acknowledgement of its headers.

    Raises:
        OSError: nobody can listen there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener


def address(host: str, listener: socket.socket) -> str:
    """The URL of what listens there, without a path."""
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{listener.getsockname()[1]}"
