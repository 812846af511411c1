"""Set the report as one self-contained HTML file that prints on one A4 page."""

from __future__ import annotations

from salviewer.results.page import document, figure, image, text
from salviewer.results.report import HOW_TO_READ, LIMITS, Report, ReportTable
from salviewer.texts import said, worded

_STYLE = """
@page { size: A4; margin: 13mm 14mm 12mm; }
html { background: #e9ebee; }
body { font-size: 10.5px; line-height: 1.45; }
main { max-width: 210mm; min-height: 297mm; margin: 24px auto; padding: 13mm 14mm 12mm;
  background: var(--paper); display: flex; flex-direction: column; box-shadow: 0 1px 12px rgb(0 0 0 / .12); }
@media print { html { background: none; } main { max-width: none; min-height: 0; margin: 0; padding: 0;
  box-shadow: none; } }
@media screen and (max-width: 800px) { main { margin: 0; padding: 20px; } .hero, .tables { display: block; } }
header { display: flex; justify-content: space-between; align-items: baseline; gap: 8mm;
  border-bottom: 1.5px solid var(--ink); padding-bottom: 2.4mm; margin-bottom: 6mm; }
h1 { font-size: 19px; }
h2 { font-size: 10.5px; margin: 0 0 1.5mm; }
header p { margin: 0; text-align: right; white-space: nowrap; }
.hero { display: flex; gap: 7mm; align-items: flex-start; }
.hero figure { flex: 0 1 auto; max-width: 66%; }
.hero figure > img { display: block; max-width: 100%; max-height: 100mm; }
figcaption { margin-top: 1.2mm; }
.bar { margin-top: 2.2mm; }
.bar img { display: block; width: 100%; height: 2.2mm; border-radius: 1.1mm; }
.bar div { display: flex; justify-content: space-between; color: var(--muted); margin-top: .6mm; }
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
table { width: 100%; }
th, td { padding: .9mm 0 .9mm 2.5mm; }
footer { margin-top: auto; padding-top: 3mm; border-top: .5px solid #c3c9d1; font-size: 9px;
  line-height: 1.5; }
footer p { margin: 0 0 1.2mm; }
footer b { color: var(--ink); font-weight: 600; }
"""


def report_html(report: Report) -> str:
    """Return the page, with pictures and styles embedded. Equal reports give equal text."""
    small = "".join(figure(pixels, caption) for caption, pixels in report.small)
    settings = "".join(
        f"<div><dt>{text(name)}</dt><dd>{text(words)}</dd></div>" for name, words in report.settings
    )
    tables = "".join(_table(table) for table in report.tables)
    low, high = (text(end) for end in report.bar_ends)
    kind = worded("Attention report")
    body = f"""<main>
<header><h1>{text(report.title)}</h1><p>{text(kind)}<br>{text(report.facts)}</p></header>
<div class="hero">
<figure>{image(report.main, "JPEG", report.main_name)}
<div class="bar">{image(report.bar, "PNG", worded("Colour bar"))}
<div><span>{low}</span><span>{high}</span></div></div>
</figure>
<div class="facts"><p class="headline">{text(report.headline)}</p><dl>{settings}</dl></div>
</div>
<div class="strip">{small}</div>
<div class="tables">{tables}</div>
<footer>
<p><b>{text(worded("How to read this."))}</b> {text(worded(HOW_TO_READ))}</p>
<p><b>{text(worded("Limits."))}</b> {text(worded(LIMITS))}</p>
<p><b>{text(worded("Model."))}</b> {text(said(report.model))}</p>
</footer>
</main>"""
    return document(worded("{title} – attention report", title=report.title), _STYLE, body)


def _table(table: ReportTable) -> str:
    head = "".join(f"<th>{text(name)}</th>" for name in table.columns)
    rows = "".join("<tr>" + "".join(f"<td>{text(cell)}</td>" for cell in row) + "</tr>" for row in table.rows)
    more = f'<div class="more">{text(table.more)}</div>' if table.more else ""
    wide = ' class="wide"' if len(table.columns) > 4 else ""
    return (
        f"<section{wide}><h2>{text(table.title)}</h2><table><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table>{more}</section>"
    )
