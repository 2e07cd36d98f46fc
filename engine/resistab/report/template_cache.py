"""Compiled templates, kept between starts: compiling them takes ten times as long as filling them."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

from resistab import __version__
from resistab.rulesets.cache import is_private, private_cache_folder, throw_away


class TemplateCache(FileSystemBytecodeCache):
    """Jinja's cache, keyed by the template's checksum too; what cannot be read or written is done without."""

    def __init__(self, folder: Path) -> None:
        # Settings of the environment go into the compiled template but not into its checksum; they change only
        # with the version.
        super().__init__(str(folder), f"template-{__version__}-{sys.implementation.cache_tag}-%s")

    def load_bytecode(self, bucket: Bucket) -> None:
        path = Path(self._get_cache_filename(bucket))
        try:
            if is_private(path):
                super().load_bytecode(bucket)
        except Exception:
            # Compiled code that is damaged fails in as many ways as there are bytes; it is made anew.
            bucket.reset()
            throw_away(path)

    def dump_bytecode(self, bucket: Bucket) -> None:
        with contextlib.suppress(OSError):
            super().dump_bytecode(bucket)


def template_cache() -> TemplateCache | None:
    """The cache in the user's cache folder, or None where that cannot be made or is open to others.

    Compiled templates are code, so that a folder in which somebody else can write is not trusted.
    """
    folder = private_cache_folder()
    return TemplateCache(folder) if folder else None
