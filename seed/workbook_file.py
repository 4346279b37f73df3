"""Whether a file is a workbook that can be opened without harm, and which of its cells have no value to read."""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree  # noqa: S405  (only after every part was found free of a DTD)

from flask_babel import gettext as _

from workflows.refusal import Refused

MEGABYTE = 1 << 20
LARGEST_FILE = 64 * MEGABYTE
LARGEST_CONTENT = 400 * MEGABYTE
MOST_PARTS = 5_000
# Real sheets shrink to a tenth or so; what shrinks to less than a hundred-and-fiftieth is made to burst.
THINNEST, THIN_FROM = 150, 10 * MEGABYTE
# The reader lays a sheet out as a full rectangle: a lone cell in the last corner would cost gigabytes.
LARGEST_RECTANGLE, SPARSEST, NARROW_SHEET = 4_000_000, 20, 40
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

COLUMNS = re.compile(rb' r="([A-Z]+)')
ROWS = re.compile(rb' r="[A-Z]+(\d+)')
FAR = re.compile(rb' r="[A-Z]+\d{6}')
CELL = rb"<(?:\w+:)?c\b([^>]*)>"
FORMULA = re.compile(
    CELL
    + rb"<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?</"
)
ERROR = re.compile(rb'<(?:\w+:)?c\b([^>]*\bt="e"[^>]*)>')
REFERENCE = re.compile(rb'\br="([A-Z]+)(\d+)"')
TEXT_RESULT = b't="str"'

Place = tuple[int, int]
Blind = dict[Place, str]


def column_number(letters: str) -> int:
    """A column's number from its letters: A → 1, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def inspect(path: Path) -> dict[str, Blind]:
    """Refuse what is no workbook or would harm; else, by sheet, the cells (row, column from 1) that can't be read.

    Those are formulas that were never calculated, and errors such as ``#N/A``, with what is wrong with each.
    """
    try:
        with path.open("rb") as file:
            if file.read(4) == OLD_OFFICE:
                raise Refused(
                    _(
                        "“%(name)s”有密码或是旧格式。请去掉密码，另存为 .xlsx 再导入。",
                        name=path.name,
                    ),
                    status=400,
                )
        with zipfile.ZipFile(path) as archive:
            return _inspect(archive, path)
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise unreadable(path) from error
    except (KeyError, EOFError, ElementTree.ParseError, zipfile.zlib.error) as error:
        raise unreadable(path) from error


def unreadable(path: Path) -> Refused:
    """The refusal of a file that is no workbook."""
    sentence = _("打不开“%(name)s”。请另存为 .xlsx 再导入。", name=path.name[:80])
    return Refused(sentence, status=400)


def _harmful() -> Refused:
    return Refused(
        _("这个工作簿展开后大得异常，没有打开。请只留登记簿的工作表，另存后再导入。"), status=400
    )


def _inspect(archive: zipfile.ZipFile, path: Path) -> dict[str, Blind]:
    parts = archive.infolist()
    declared = sum(part.file_size for part in parts)
    if path.stat().st_size > LARGEST_FILE or declared > LARGEST_CONTENT or len(parts) > MOST_PARTS:
        raise _harmful()
    blind = {}
    for part in parts:
        if part.filename.lower().endswith((".xml", ".rels", ".vml")):
            found = _inspect_part(archive, part)
            if found:
                blind["/" + part.filename] = found
    return (
        {title: blind[name] for title, name in _sheets(archive) if name in blind} if blind else {}
    )


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Each sheet's title and the name of its part."""
    targets = {
        relation.get("Id"): posixpath.join("/xl", relation.get("Target", ""))
        for relation in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    }
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    for sheet in book.iter():
        if sheet.tag.endswith("}sheet"):
            yield sheet.get("name", ""), targets.get(sheet.get(RELATIONS), "")


def _chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part in pieces that each end at the end of a row, if it has rows; refused when it swells."""
    size, rest = 0, b""
    with archive.open(part) as stream:
        while piece := stream.read(MEGABYTE):
            size += len(piece)
            if size > LARGEST_CONTENT or (
                size > THIN_FROM and size > THINNEST * part.compress_size
            ):
                raise _harmful()
            piece = rest + piece
            end = piece.rfind(b"row>") + 4 if len(piece) < 8 * MEGABYTE else len(piece)
            if end > 4:
                yield piece[:end]
                rest = piece[end:]
            else:
                rest = piece
    yield rest


def _inspect_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Blind:
    first, blind, seen = True, Blind(), 0
    width = height = 0
    for chunk in _chunks(archive, part):
        if first and (b"<!DOCTYPE" in chunk[:4096] or chunk[:2] in (b"\xff\xfe", b"\xfe\xff")):
            raise Refused(_("这个工作簿带有外部定义，不是 Excel 写的，没有打开。"), status=400)
        first = False
        columns = COLUMNS.findall(chunk)
        seen += len(columns)
        width = max([width, *(column_number(c.decode()) for c in set(columns))])
        if width > NARROW_SHEET or FAR.search(chunk):
            height = max([height, *map(int, ROWS.findall(chunk))])
            if width * height > max(LARGEST_RECTANGLE, SPARSEST * seen):
                raise _harmful()
        blind.update(_blind_cells(chunk))
    return blind


def _blind_cells(chunk: bytes) -> Iterator[tuple[Place, str]]:
    """The cells of a piece of a sheet that hold an error, or a formula without its value."""
    if b't="e"' in chunk:
        for attributes in ERROR.findall(chunk):
            yield _place(attributes), _("公式出错，没有值，请改正公式或直接填写")
    if b"<f" in chunk or b":f" in chunk:
        for attributes in FORMULA.findall(chunk):
            if TEXT_RESULT not in attributes:
                yield _place(attributes), _("公式还没有算出值，请在 Excel 中打开并保存后再导入")


def _place(attributes: bytes) -> Place:
    found = REFERENCE.search(attributes)
    return (int(found[2]), column_number(found[1].decode())) if found else (0, 0)
