"""The report as one self-contained HTML file that prints on one A4 page."""

from __future__ import annotations

import base64
from html import escape

import numpy as np
from numpy.typing import NDArray

from salviewer.batch.report import HOW_TO_READ, LIMITS, Report, ReportTable
from salviewer.media.encoding import Format, encode

_STYLE = """
@page { size: A4; margin: 13mm 14mm 12mm; }
* { box-sizing: border-box; }
html { background: #e9ebee; }
body { margin: 0; color: #1c2127; font: 10.5px/1.45 Inter, "Segoe UI", "Helvetica Neue", Arial, "DejaVu Sans",
  sans-serif; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
main { max-width: 210mm; min-height: 297mm; margin: 24px auto; padding: 13mm 14mm 12mm; background: #fff;
  display: flex; flex-direction: column; box-shadow: 0 1px 12px rgb(0 0 0 / .12); }
@media print { html { background: none; } main { max-width: none; min-height: 0; margin: 0; padding: 0;
  box-shadow: none; } }
@media screen and (max-width: 800px) { main { margin: 0; padding: 20px; } .hero, .tables { display: block; } }
header { display: flex; justify-content: space-between; align-items: baseline; gap: 8mm;
  border-bottom: 1.5px solid #1c2127; padding-bottom: 2.4mm; margin-bottom: 6mm; }
h1 { font-size: 19px; line-height: 1.2; margin: 0; font-weight: 650; overflow-wrap: anywhere; }
h2 { font-size: 10.5px; margin: 0 0 1.5mm; font-weight: 650; }
header p, figcaption, .more, dt, th, footer { color: #5a6370; }
header p { margin: 0; text-align: right; white-space: nowrap; }
.hero { display: flex; gap: 7mm; align-items: flex-start; }
.hero figure { flex: 0 1 auto; max-width: 66%; }
.hero figure > img { display: block; max-width: 100%; max-height: 100mm; }
figure { margin: 0; }
figcaption { margin-top: 1.2mm; }
.bar { margin-top: 2.2mm; }
.bar img { display: block; width: 100%; height: 2.2mm; border-radius: 1.1mm; }
.bar div { display: flex; justify-content: space-between; color: #5a6370; margin-top: .6mm; }
.facts { flex: 1 1 42mm; min-width: 42mm; }
.headline { font-size: 15.5px; line-height: 1.32; font-weight: 600; margin: 0 0 5mm; }
dl { margin: 0; display: grid; gap: 1.9mm; }
dd { margin: 0; }
.strip { display: flex; gap: 5mm; margin: 6mm 0; }
.strip figure { flex: 0 1 auto; min-width: 0; }
.strip img { display: block; max-width: 100%; max-height: 40mm; }
.tables { display: flex; gap: 9mm; align-items: flex-start; }
.tables section { flex: 1 1 0; min-width: 0; margin-bottom: 4mm; }
.tables section.wide { flex-grow: 1.5; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .9mm 0 .9mm 2.5mm; text-align: right; font-weight: 400; border-bottom: .5px solid #dfe3e8;
  white-space: nowrap; }
th { border-bottom-color: #9aa2ad; }
th:first-child, td:first-child { text-align: left; padding-left: 0; white-space: normal;
  overflow-wrap: anywhere; }
footer { margin-top: auto; padding-top: 3mm; border-top: .5px solid #c3c9d1; font-size: 9px;
  line-height: 1.5; }
footer p { margin: 0 0 1.2mm; }
footer b { color: #1c2127; font-weight: 600; }
"""


def report_html(report: Report) -> str:
    """The whole page, pictures and styles within; the same report gives the same text."""
    small = "".join(_figure(pixels, caption) for caption, pixels in report.small)
    settings = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(words)}</dd></div>" for name, words in report.settings
    )
    tables = "".join(_table(table) for table in report.tables)
    low, high = (escape(end) for end in report.bar_ends)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="salviewer">
<title>{escape(_plain(report.title))} – attention report</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<header><h1>{escape(_plain(report.title))}</h1><p>Attention report<br>{escape(report.facts)}</p></header>
<div class="hero">
<figure>{_image(report.main, "JPEG", report.main_name)}
<div class="bar">{_image(report.bar, "PNG", "Colour bar")}
<div><span>{low}</span><span>{high}</span></div></div>
</figure>
<div class="facts"><p class="headline">{escape(report.headline)}</p><dl>{settings}</dl></div>
</div>
<div class="strip">{small}</div>
<div class="tables">{tables}</div>
<footer>
<p><b>How to read this.</b> {escape(HOW_TO_READ)}</p>
<p><b>Limits.</b> {escape(LIMITS)}</p>
<p><b>Model.</b> {escape(_plain(report.model))}</p>
</footer>
</main>
</body>
</html>
"""


def _figure(pixels: NDArray[np.uint8], caption: str) -> str:
    return f"<figure>{_image(pixels, 'JPEG', caption)}<figcaption>{escape(caption)}</figcaption></figure>"


def _image(pixels: NDArray[np.uint8], fmt: Format, name: str) -> str:
    data = base64.b64encode(encode(pixels, fmt, quality=90)).decode()
    height, width = pixels.shape[:2]
    kind = fmt.lower()
    return (
        f'<img alt="{escape(name)}" width="{width}" height="{height}" style="width: auto; height: auto"'
        f' src="data:image/{kind};base64,{data}">'
    )


def _table(table: ReportTable) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in table.columns)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(_plain(cell))}</td>" for cell in row) + "</tr>" for row in table.rows
    )
    more = f'<div class="more">{escape(table.more)}</div>' if table.more else ""
    wide = ' class="wide"' if len(table.columns) > 4 else ""
    return (
        f"<section{wide}><h2>{escape(table.title)}</h2><table><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table>{more}</section>"
    )


def _plain(text: str) -> str:
    """A file's name may hold bytes of no encoding; a page may not."""
    return text.encode("utf-8", "replace").decode()
