"""News pages of Chinese district governments as typed records and feeds.

The package reads as the pipeline:
``sources → fetch → archive → decode → extract → normalize → parse → revisions → store → publish``.
"""

__version__ = "0.1.0"
