"""The training libraries, found and kept quiet."""

import logging

from temper.errors import TargetError


def prepare() -> None:
    """Make them ready: no bars and no chatter beside temper's own progress.

    Raises:
        TargetError: they are not installed.
    """
    try:
        import transformers
        import trl as _trl  # noqa: F401  # pyright: ignore[reportUnusedImport]
        from datasets import disable_progress_bars
    except ImportError as error:
        raise TargetError(
            f"training needs trl and datasets ({error}): pip install 'temper-lm[local]'"
        ) from error
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    disable_progress_bars()
    # it says of every masked completion that it is masked
    logging.getLogger("trl").setLevel(logging.ERROR)
