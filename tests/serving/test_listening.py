"""Small web servers listen in a way that answers at once."""

import asyncio
import socket

import pytest

from temper.serving.listening import address, listen


def test_accepted_connections_send_small_parts_at_once():
    async def accepted() -> int:
        taken: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            inner = writer.get_extra_info("socket")
            taken.set_result(inner.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        listener = listen("127.0.0.1", 0)
        async with await asyncio.start_server(meet, sock=listener):
            _, writer = await asyncio.open_connection(*listener.getsockname())
            delay_off = await taken
            writer.close()
        return delay_off

    assert asyncio.run(accepted())


def test_a_taken_port_is_an_error_of_the_system():
    with listen("127.0.0.1", 0) as first, pytest.raises(OSError, match="in use"):
        listen("127.0.0.1", first.getsockname()[1])


def test_an_address_of_the_sixth_version_stands_in_brackets():
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        assert address("127.0.0.1", listener) == f"http://127.0.0.1:{port}"
        assert address("::1", listener) == f"http://[::1]:{port}"
