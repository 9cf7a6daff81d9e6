"""Raw responses in WARC 1.1 files (ISO 28500), one gzip member a record."""

from pipeline.archive.archive import Archive
from pipeline.archive.compact import Compacted
from pipeline.archive.copies import Copies, open_copies

__all__ = ["Archive", "Compacted", "Copies", "open_copies"]
