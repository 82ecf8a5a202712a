"""The real server on a loopback port, in a thread, over a run that a test can look into."""

import asyncio
import re
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Self

import httpx2
import pytest
import uvicorn

from temper.label.app import build_app
from temper.label.filling import Entry, fill
from temper.label.gold import Known, add_gold
from temper.label.security import Access
from temper.label.settings import Settings
from temper.label.standing import count_taken
from temper.label.tables import LabelStore
from temper.label.visits import Desk
from temper.records import Guideline, Label, imported_item_id
from temper.run_folder import DATABASE
from temper.serving.listening import listen

TRUTHS = Guideline(
    labels=("true", "false", "neither"),
    failure=("false",),
    definitions={
        "true": "the table has it so",
        "false": "the table has it otherwise",
        "neither": "no table could settle it",
    },
    examples=(("A lake is wet.", "true"), ("A lake is dry.", "false")),
    text="statements that the table contradicts",
)


class Running:
    """A labelling server; leave the `with` and it is down, enter again and it is a new one."""

    def __init__(
        self,
        folder: Path,
        texts: Sequence[str] | Sequence[Entry] = (),
        *,
        gold: Sequence[Known] = (),
        access: Access | None = None,
        **settings: Any,
    ) -> None:
        self.folder = folder
        self.entries = [
            one if isinstance(one, Entry) else Entry(imported_item_id(one), one) for one in texts
        ]
        self.gold, self.access = gold, access or Access()
        self.settings = replace(Settings(guideline=TRUTHS.version, run="run"), **settings)

    def __enter__(self) -> Self:
        return self.restart(0)

    def restart(self, port: int) -> Self:
        """Begin again, at the port that browsers know."""
        self._socket = listen("127.0.0.1", port)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._up = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        assert self._up.wait(20)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(20)
        self._socket.close()

    def store(self) -> LabelStore:
        return LabelStore(self.folder / DATABASE)

    def labels(self) -> list[Label]:
        """The labels that stand."""
        with self.store() as store:
            now = store.following(TRUTHS)
            return store.standing_labels(now.version)

    @contextmanager
    def client(self, name: str | None = None) -> Generator[httpx2.Client]:
        """A browser without scripts: with a session if it is somebody's."""
        with httpx2.Client(base_url=self.url, follow_redirects=True, timeout=30) as client:
            if name is not None:
                assert client.post("/enter", data={"name": name}).status_code == 200
                client.post("/welcome")
            yield client

    def _serve(self) -> None:
        self.folder.mkdir(exist_ok=True)
        with LabelStore(self.folder / DATABASE) as store:
            store.add_guideline(TRUTHS)
            if self.gold:
                add_gold(store, self.gold)
            fill(store, self.settings.queue, self.entries)
            count_taken(store, store.following(TRUTHS))
            desk = Desk(store=store, settings=self.settings, access=self.access)
            config = uvicorn.Config(build_app(desk), log_level="warning", lifespan="off")
            self._server = uvicorn.Server(config)
            self._up.set()
            asyncio.run(self._server.serve(sockets=[self._socket]))


class Page(HTMLParser):
    """What a program needs of the page: the item, the hidden fields, the words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.words = ""
        self.text: str | None = None
        self._inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("type") == "hidden":
            self.fields[str(given["name"])] = given.get("value") or ""
        if given.get("id") == "item":
            self.text, self._inside = "", True

    def handle_endtag(self, tag: str) -> None:
        if tag == "article":
            self._inside = False

    def handle_data(self, data: str) -> None:
        self.words += data
        if self._inside:
            self.text = (self.text or "") + data


def answer(client: httpx2.Client, value: str | None = None, **more: str) -> Page:
    """Label the item in front of this person, or skip it, and give back the page that follows."""
    page = Page(client.get("/").text)
    given = {"item": page.fields["item"], "guideline": page.fields["guideline"], "note": ""}
    given |= {"skip": ""} if value is None else {"value": value}
    return Page(client.post("/label", data=given | more).text)


def shown(client: httpx2.Client) -> str | None:
    return Page(client.get("/").text).text


def numbers(count: int) -> list[str]:
    return [f"Sentence number {number} of these." for number in range(count)]


def number_of(text: str) -> int:
    found = re.search(r"number (\d+)", text)
    assert found
    return int(found[1])


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Start a server; what is still up when the test ends is stopped."""
    running: list[Running] = []

    def start(texts: Sequence[str] | Sequence[Entry], **settings: Any) -> Running:
        one = Running(tmp_path / "run", texts, **settings)
        one.__enter__()
        running.append(one)
        return one

    yield start
    for one in running:
        one.__exit__()
