"""Tables: CSV as it is written, and a spreadsheet of the same cells. The second row carries HXL tags."""

from __future__ import annotations

import csv
import io

import xlsxwriter

from .sheet import Sheet


def write_csv(sheet: Sheet) -> bytes:
    """The sheet's cells as CSV, lines ended as RFC 4180 has it."""
    return "".join(f"{line}\r\n" for line in sheet.text.splitlines()).encode(sheet.charset)


def write_spreadsheet(sheet: Sheet) -> bytes:
    """The sheet's cells as XLSX; whole numbers are numbers, everything else is text, nothing is a formula."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties(
        {
            "title": sheet.title,
            "author": sheet.by,
            "comments": sheet.line,
            "created": sheet.sent.replace(tzinfo=None),
        }
    )
    page = book.add_worksheet("EXERCISE")
    page.set_header(f"&C{sheet.marking}  {sheet.line}".replace("&C ", "&C"))
    for row, cells in enumerate(csv.reader(sheet.text.splitlines())):
        for column, cell in enumerate(cells):
            if cell.isdecimal():
                page.write_number(row, column, int(cell))
            else:
                page.write_string(row, column, cell)
    book.close()
    return buffer.getvalue()
