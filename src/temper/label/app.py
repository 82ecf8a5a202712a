"""The application and the server that serves it."""

from collections.abc import Callable
from importlib.resources import files
from typing import TYPE_CHECKING

from temper.errors import TargetError
from temper.label import entrance, guideline_pages, item_pages, team_pages
from temper.label.security import LOOPBACK
from temper.label.visits import Desk
from temper.serving.listening import address, listen

if TYPE_CHECKING:
    from starlette.applications import Starlette


def build_app(desk: Desk) -> "Starlette":
    """All pages over one store, to be served from the thread that opened it."""
    from starlette.applications import Starlette
    from starlette.routing import Mount
    from starlette.staticfiles import StaticFiles

    return Starlette(
        routes=[
            Mount("/static", StaticFiles(directory=str(files("temper.label") / "static"))),
            *entrance.routes(desk),
            *item_pages.routes(desk),
            *team_pages.routes(desk),
            *guideline_pages.routes(desk),
        ]
    )


def serve(desk: Desk, host: str, port: int, announce: Callable[[str], None]) -> None:
    """Serve until interrupted; port 0 takes a free one, `announce` is told the address.

    Raises:
        TargetError: the server's libraries are missing, the port is taken, or the host is open to
            others without a token.
    """
    if host not in LOOPBACK and not desk.access.token:
        raise TargetError(f"{host} can be reached from other machines: a token is needed")
    try:
        import uvicorn
    except ImportError as error:
        raise TargetError(
            f"labelling needs starlette and uvicorn ({error}): pip install 'temper-lm[serve]'"
        ) from error
    try:
        listener = listen(host, port)
    except OSError as error:
        raise TargetError(f"cannot listen at {host}:{port}: {error.strerror}") from error
    with listener:
        announce(address(host, listener))
        config = uvicorn.Config(
            build_app(desk), log_level="warning", access_log=False, lifespan="off"
        )
        uvicorn.Server(config).run(sockets=[listener])
