"""The run's database: every reply as it arrives, and the records that stages derive from them.

Exchanges are what was paid for and are never thrown away by a stage; the other tables are derived
from them and rewritten whenever their stage runs.
"""

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

from temper.errors import StoreError
from temper.store.attacks import Attacks
from temper.store.database import advice
from temper.store.exchanges import Exchanges
from temper.store.labels import Labels
from temper.store.stages import Stages


class Store(Exchanges, Stages, Attacks, Labels):
    """A run's database with all its tables; see `Database` for how it is opened."""


@contextmanager
def read_only(path: Path) -> Generator[Store]:
    """A copy of a database in memory, in this temper's format: the file itself is never touched.

    Raises:
        StoreError: the file is missing, no temper database, or of a newer temper.
    """
    store = Store(Path(":memory:"))
    try:
        file = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        with closing(file):
            store.take(file, path)
    except sqlite3.Error as error:
        raise StoreError(f"{path}: {error}. {advice(error)}") from error
    with store:
        yield store
