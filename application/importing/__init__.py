"""Bringing in what others exported: files of events, and extracts of a case system.

A reader (`read_cloudevents`, `read_ssd_missing`) turns a file into rows, in bounded memory;
`import_events` posts their events in batches and accounts for every row. A row that cannot be taken
is reported with its number, column and reason, never with its values.
"""

from __future__ import annotations

from application.importing.batches import Post, PostedEvent, import_events, of_http, of_ledger
from application.importing.cloudevents_file import read_cloudevents
from application.importing.line_reader import UnreadableFile
from application.importing.recorded_rows import RecordedRows
from application.importing.repeated_rows import RepeatedRows
from application.importing.report import Changed, ImportReport, Row, RowEvent, RowNotTaken
from application.importing.row_changes import row_changes
from application.importing.ssd_missing import SENTENCES, read_ssd_missing

__all__ = [
    "SENTENCES",
    "Changed",
    "ImportReport",
    "Post",
    "PostedEvent",
    "RecordedRows",
    "RepeatedRows",
    "Row",
    "RowEvent",
    "RowNotTaken",
    "UnreadableFile",
    "import_events",
    "of_http",
    "of_ledger",
    "read_cloudevents",
    "read_ssd_missing",
    "row_changes",
]
