"""Pages of PDF documents, and of Illustrator files with a PDF inside. Runs in the process that draws."""

from __future__ import annotations

from contextlib import suppress
from typing import IO, Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from salviewer.media.openers import limits
from salviewer.media.openers.drawn import Drawn
from salviewer.media.openers.refusals import LockedError, UnreadableError

_POINTS = 72  # to the inch
_NO_CONTENT = "saved without PDF Content"  # what Illustrator writes instead
_REFUSALS = {
    raw.FPDF_ERR_SECURITY: "it is encrypted in a way that is not supported",
    raw.FPDF_ERR_PAGE: "its PDF page is damaged",
}


def describe(stream: IO[bytes], password: str) -> list[str]:
    """Return a label for each page, at most `limits.PAGES`: its own, such as "iv", or "".

    Raises:
        LockedError: it needs a password.
        UnreadableError: it is damaged, or has no pages.
    """
    document = _open(stream, password)
    return [document.get_page_label(index) for index in range(min(len(document), limits.PAGES))]


def draw(stream: IO[bytes], password: str, page: int, dpi: float, most: int, suffix: str) -> Drawn:
    """Draw a page, on white.

    Args:
        stream, password: the document.
        page: counted from one.
        dpi: pixels per inch.
        most: pixels; a larger page is drawn with fewer per inch.
        suffix: of the file's name.

    Raises:
        LockedError: it needs a password.
        UnreadableError: it is damaged, or has no such page.
    """
    document = _open(stream, password)
    count = len(document)
    if page > count:
        raise UnreadableError(f"it has no page {page}, only {count}")
    with suppress(pdfium.PdfiumError):  # a damaged form: the page shows without what was filled in
        document.init_forms()
    sheet = document[page - 1]
    width, height = sheet.get_size()
    if suffix == ".ai" and count == 1 and _NO_CONTENT in sheet.get_textpage().get_text_range():
        raise UnreadableError(
            "it was saved without a PDF inside; save it in Illustrator with “Create PDF Compatible File”"
        )
    scale, note = dpi / _POINTS, ""
    if (wanted := width * height * scale**2) > most:
        scale *= (most / wanted) ** 0.5 * 0.999
        note = f"drawn at {scale * _POINTS:.3g} pixels per inch, since it is very large"
    bitmap = sheet.render(scale=scale, rev_byteorder=True, no_smoothtext=False, prefer_bgrx=False)
    pixels = _rgb(bitmap.to_numpy())
    return Drawn("RGB", (pixels.shape[1], pixels.shape[0]), pixels.tobytes(), note)


def _rgb(values: Any) -> np.ndarray[Any, np.dtype[np.uint8]]:
    if values.ndim == 2:
        values = values[..., None]
    if values.shape[2] == 1:
        values = np.repeat(values, 3, axis=2)
    return np.ascontiguousarray(values[..., :3], np.uint8)


def _open(stream: IO[bytes], password: str) -> Any:
    try:
        document = pdfium.PdfDocument(stream, password=password or None)
        count = len(document)
    except pdfium.PdfiumError as error:
        code = getattr(error, "err_code", None)
        if code == raw.FPDF_ERR_PASSWORD:
            wrong = "its password is another one" if password else "it is encrypted and needs its password"
            raise LockedError(wrong) from error
        raise UnreadableError(_REFUSALS.get(code, "its PDF data are damaged")) from error
    if count < 1:
        raise UnreadableError("it has no pages")
    return document
