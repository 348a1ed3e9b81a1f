"""A list as a file: CSV for Swedish Excel, XLSX and JSON, streamed row by row from one moment's data.

The rows are read when the file is sent, in the transaction that the middleware binds for a stream: REPEATABLE
READ, so what others write meanwhile is in none of it.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from tempfile import TemporaryFile

import xlsxwriter
from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from sbs_portal import time
from sbs_portal.web.tables import Column, Plain

CHUNK = 2_000
LINES = 200
# A spreadsheet's calendar begins here, and its cells hold this much text.
FIRST_YEAR = 1900
LONGEST = 32_767
# What makes a spreadsheet take a text for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def response(
    kind: str,
    *,
    title: str,
    columns: list[Column],
    rows: QuerySet,
    tell: Callable[[list], None],
    day: date | None = None,
) -> StreamingHttpResponse:
    """The rows as a file of the kind, named by what it is and when it was made. ``tell`` gets them by the CHUNK."""
    _, media_type, write = KINDS[kind]
    now = timezone.localtime()
    name = f"{title} {now:%Y-%m-%d} kl {now:%H.%M}.{kind}"

    def content() -> Iterator[bytes]:
        with time.frozen(day) if day else nullcontext():
            yield from write(title, columns, _values(columns, rows, tell))

    answer = StreamingHttpResponse(content(), content_type=media_type)
    answer["Content-Disposition"] = content_disposition_header(True, name)
    answer["Cache-Control"] = "no-store"
    return answer


def _values(columns: list[Column], rows: QuerySet, tell: Callable[[list], None]) -> Iterator[list[Plain]]:
    found = rows.iterator(chunk_size=CHUNK)
    while chunk := list(islice(found, CHUNK)):
        tell(chunk)
        for row in chunk:
            yield [column.plain(row) for column in columns]


def csv_text(value: Plain) -> str:
    """A cell as Swedish Excel reads it: decimal comma, ISO days, and no text that runs as a formula."""
    match value:
        case None:
            return ""
        case bool():
            return "ja" if value else "nej"
        case float() | Decimal():
            return str(value).replace(".", ",")
        case datetime():
            return f"{value:%Y-%m-%d %H:%M}"
        case date():
            return value.isoformat()
        case int():
            return str(value)
    return f"'{value}" if value.startswith(FORMULA) else value


def _csv(title: str, columns: list[Column], values: Iterable[list[Plain]]) -> Iterator[bytes]:
    buffer = io.StringIO()
    lines = csv.writer(buffer, delimiter=";", lineterminator="\r\n")

    def taken() -> bytes:
        text = buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        return text.encode()

    buffer.write("\ufeff")
    lines.writerow([csv_text(column.label) for column in columns])
    for number, row in enumerate(values, start=1):
        lines.writerow([csv_text(value) for value in row])
        if number % LINES == 0:
            yield taken()
    yield taken()


def _xlsx(title: str, columns: list[Column], values: Iterable[list[Plain]]) -> Iterator[bytes]:
    """The workbook is written to a file on disk row by row, and then sent."""
    with TemporaryFile() as file:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(file, options) as book:
            sheet = book.add_worksheet("Lista")
            day = book.add_format({"num_format": "yyyy-mm-dd"})
            moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
            sheet.freeze_panes(1, 0)
            for number, column in enumerate(columns):
                sheet.set_column(number, number, max(12, min(40, len(column.label) + 4)))
            sheet.write_row(0, 0, [column.label for column in columns], book.add_format({"bold": True}))
            last = 0
            for last, row in enumerate(values, start=1):
                for number, value in enumerate(row):
                    match value:
                        case None:
                            pass
                        case bool():
                            sheet.write_string(last, number, "ja" if value else "nej")
                        case datetime():
                            sheet.write_datetime(last, number, value, moment)
                        case date() if value.year >= FIRST_YEAR:
                            sheet.write_datetime(last, number, value, day)
                        case int() | float() | Decimal():
                            sheet.write_number(last, number, value)
                        case _:
                            sheet.write_string(last, number, str(value)[:LONGEST])
            sheet.autofilter(0, 0, last, max(0, len(columns) - 1))
        file.seek(0)
        while block := file.read(64 * 1024):
            yield block


def _json(title: str, columns: list[Column], values: Iterable[list[Plain]]) -> Iterator[bytes]:
    names = [column.name for column in columns]
    head = {
        "title": title,
        "exported_at": timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        "columns": [{"name": column.name, "label": column.label} for column in columns],
    }
    yield json.dumps(head, ensure_ascii=False).removesuffix("}").encode() + b', "rows": ['
    lines: list[str] = []
    separator = "\n"
    for row in values:
        line = {name: _jsonable(value) for name, value in zip(names, row, strict=True)}
        lines.append(separator + json.dumps(line, ensure_ascii=False))
        separator = ",\n"
        if len(lines) == LINES:
            yield "".join(lines).encode()
            lines = []
    yield "".join(lines).encode() + b"\n]}\n"


def _jsonable(value: Plain):
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


KINDS = {
    "xlsx": ("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx),
    "csv": ("CSV", "text/csv; charset=utf-8", _csv),
    "json": ("JSON", "application/json", _json),
}
