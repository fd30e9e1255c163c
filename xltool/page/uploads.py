"""Forms with files, written to disk as they come: neither their number nor their size takes memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

from xltool.errors import XltoolError
from xltool.page.names import file_name

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

MOST_FILES = 2000
"""Of one field: the budgets of a province's department."""

MOST_BYTES = 256 << 20
"""Of one file: more is not read anyway (see `input_file`)."""

_MOST_IN_ALL = 4 << 30
_MOST_PARTS = 20_000
_MOST_TEXT = 4 << 20
"""Bytes of all fields that are no files."""

_MOST_AT_ONCE = 8
"""So many forms are taken while others are still being sent."""

_BROKEN = "收到的表单不完整：请重新提交。"


class UploadRefused(XltoolError):
    """A form has more than we take; the message says what to do."""


class Upload(NamedTuple):
    """A file that was sent: in which field, under which name, and where it lies now."""

    field: str
    name: str
    path: Path


class Form(NamedTuple):
    """What a form holds: the texts of each field, and the files."""

    fields: dict[str, list[str]]
    uploads: list[Upload]

    def text(self, field: str) -> str:
        """What was written into a field; "" if it is not there."""
        return next(iter(self.fields.get(field, [])), "").strip()

    def texts(self, field: str) -> list[str]:
        """What was written into all fields of that name, without those left empty."""
        return [text.strip() for text in self.fields.get(field, []) if text.strip()]

    def files(self, field: str) -> list[Upload]:
        """The files of a field."""
        return [upload for upload in self.uploads if upload.field == field]

    def file(self, field: str) -> Path | None:
        """The one file of a field, if one was chosen."""
        return next((upload.path for upload in self.files(field)), None)


class Uploads:
    """The forms that are being sent to a page."""

    def __init__(self) -> None:
        self._under_way = 0

    async def read(self, request: Request, folder: Path) -> Form:
        """`read_form`, unless too many others are being sent. Raises what it raises."""
        if self._under_way >= _MOST_AT_ONCE:
            async for _ in request.stream():  # a browser shows an answer only after it has sent everything
                pass
            raise UploadRefused(f"正在上传的已有 {_MOST_AT_ONCE} 份：请等它们传完，或关掉那些页面，再试一次。")
        self._under_way += 1
        try:
            return await read_form(request, folder)
        finally:
            self._under_way -= 1


async def read_form(request: Request, folder: Path, most_files: int = MOST_FILES) -> Form:
    """Read a form; its files are written to `folder`, each into a folder of its own.

    Raises UploadRefused if it has more than we take, ClientDisconnect if the browser has gone; whoever made `folder`
    removes it then.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise UploadRefused("没有收到表单：请回到页面重新提交。")
    parts = _Parts(folder, most_files)
    try:
        await _fed(MultipartParser(boundary, parts.callbacks()), request.stream(), parts)
    except FormParserError as error:
        raise UploadRefused(_BROKEN) from error
    finally:
        parts.close()
    if parts.refusal or not parts.is_whole:
        raise UploadRefused(parts.refusal or _BROKEN)
    return Form(parts.fields, parts.uploads)


async def _fed(parser: MultipartParser, stream: AsyncIterator[bytes], parts: _Parts) -> None:
    """All of it: a browser shows an answer only after it has sent everything. What is refused is not kept."""
    async for chunk in stream:
        if not parts.refusal:
            parser.write(chunk)


class _Parts:
    """What the parser has found so far."""

    def __init__(self, folder: Path, most_files: int) -> None:
        self.fields: dict[str, list[str]] = {}
        self.uploads: list[Upload] = []
        self.refusal = ""
        self.is_whole = False
        self._folder = folder
        self._most_files = most_files
        self._files: Counter[str] = Counter()
        self._file: BinaryIO | None = None
        self._text = bytearray()
        self._name = self._value = b""
        self._disposition = b""
        self._field = ""
        self._size = self._in_all = self._texts = self._count = 0

    def callbacks(self) -> MultipartCallbacks:
        """What the parser calls."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._header_name,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_headers_finished": self._start,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_end": self._finish,
        }

    def close(self) -> None:
        """Close the file that is being written."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _begin(self) -> None:
        self._disposition = b""
        self._text.clear()
        self._size = 0

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._name.lower() == b"content-disposition":
            self._disposition = self._value
        self._name = self._value = b""

    def _start(self) -> None:
        _, options = parse_options_header(self._disposition)
        self._field = options.get(b"name", b"").decode(errors="replace")
        name = options.get(b"filename")
        self._count += 1
        if self._count > _MOST_PARTS:
            self.refusal = "表单太大：请分几次提交。"
        elif name:
            self._open(name.decode(errors="replace"))
        elif name is not None:
            self._field = ""  # no file was chosen

    def _open(self, sent: str) -> None:
        self._files[self._field] += 1
        if self._files[self._field] > self._most_files:
            self.refusal = f"文件太多，一次最多 {self._most_files} 个：请分几次提交。"
            return
        place = self._folder / f"{len(self.uploads) + 1:04}"
        place.mkdir(0o700)
        upload = Upload(self._field, sent, place / file_name(sent))
        self._file = upload.path.open("xb")
        self.uploads.append(upload)

    def _data(self, data: bytes, start: int, end: int) -> None:
        size = end - start
        if self.refusal or not self._field:
            return
        if self._file is None:
            self._texts += size
            if self._texts > _MOST_TEXT:
                self.refusal = "写的字太多：请分几次提交。"
            else:
                self._text += data[start:end]
            return
        self._size += size
        self._in_all += size
        if self._size > MOST_BYTES:
            name = self.uploads[-1].path.name
            self.refusal = f"“{name}”过大，超过 {MOST_BYTES >> 20} MB：请删除不需要的工作表和图片，另存后再试。"
        elif self._in_all > _MOST_IN_ALL:
            self.refusal = f"文件合起来超过 {_MOST_IN_ALL >> 30} GB：请分几次提交。"
        else:
            self._file.write(data[start:end])

    def _end(self) -> None:
        if self._file is not None:
            self.close()
        elif self._field and not self.refusal:
            self.fields.setdefault(self._field, []).append(self._text.decode(errors="replace"))

    def _finish(self) -> None:
        self.is_whole = True
