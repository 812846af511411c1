"""A report on several pictures as one self-contained HTML file, with a page for each when printed."""

from __future__ import annotations

from salviewer.results.page import document, figure, image, text
from salviewer.results.report import ReportTable
from salviewer.results.variants_report import VariantPage, VariantsReport
from salviewer.texts import worded

_STYLE = """
@page { size: A4; margin: 13mm 14mm 12mm; }
html { background: #e9ebee; }
body { font-size: 10.5px; line-height: 1.45; }
main > section { max-width: 210mm; min-height: 297mm; margin: 24px auto; padding: 13mm 14mm 12mm;
  background: var(--paper); box-shadow: 0 1px 12px rgb(0 0 0 / .12); }
@media print { html { background: none; } main > section { max-width: none; min-height: 0; margin: 0;
  padding: 0; box-shadow: none; break-after: page; } main > section:last-child { break-after: auto; } }
@media screen and (max-width: 800px) { main > section { margin: 0 0 12px; padding: 20px; } }
h1 { font-size: 26px; color: var(--brand); }
h2 { font-size: 17px; margin: 0 0 1mm; color: var(--brand); overflow-wrap: anywhere; }
h3 { font-size: 11px; margin: 6mm 0 1.5mm; }
.top { display: flex; justify-content: space-between; gap: 10mm; align-items: flex-start;
  border-bottom: 1.5px solid var(--brand); padding-bottom: 4mm; margin-bottom: 7mm; }
.top img { max-height: 18mm; max-width: 55mm; }
.facts { color: var(--muted); margin: 1.5mm 0 0; }
.sentence { font-size: 19px; line-height: 1.35; font-weight: 600; margin: 0 0 7mm; }
.headline { font-size: 13px; font-weight: 600; margin: 3mm 0 5mm; }
.cover { display: grid; grid-template-columns: repeat(auto-fill, minmax(52mm, 1fr)); gap: 6mm; }
.cover img { display: block; max-width: 100%; max-height: 62mm; }
.main img { display: block; max-width: 100%; max-height: 135mm; }
.bar { width: 60mm; margin-top: 2mm; }
.bar img { display: block; width: 100%; height: 2.2mm; border-radius: 1.1mm; }
.bar div { display: flex; justify-content: space-between; color: var(--muted); }
.strip { display: grid; grid-template-columns: repeat(4, 1fr); gap: 4mm; margin: 5mm 0; }
.strip img { display: block; max-width: 100%; max-height: 38mm; }
figcaption { margin-top: 1.2mm; overflow-wrap: anywhere; }
table { width: 100%; } th, td { padding: .9mm 0 .9mm 2.5mm; }
.notes { white-space: pre-wrap; margin-top: 6mm; }
.texts p { margin: 0 0 4mm; }
"""


def variants_html(report: VariantsReport) -> str:
    """Make the page, with pictures and styles embedded. Equal reports give equal text."""
    sections = [_cover(report), *(_page(page, report) for page in report.pages), _last(report)]
    body = "<main>" + "".join(f"<section>{section}</section>\n" for section in sections) + "</main>"
    style = f":root {{ --brand: {report.colour}; }}{_STYLE}"
    return document(worded("{title} – attention report", title=report.title), style, body)


def _cover(report: VariantsReport) -> str:
    logo = image(report.logo, "PNG", "Logo") if report.logo is not None else ""
    facts = " · ".join(
        text(words)
        for words in (
            worded("for {client}", client=report.client) if report.client else "",
            worded("by {author}", author=report.author) if report.author else "",
            report.when,
        )
        if words
    )
    small = "".join(figure(pixels, caption) for caption, pixels in report.cover)
    tables = "".join(_table(table) for table in report.tables)
    notes = f'<p class="notes">{text(report.notes)}</p>' if report.notes else ""
    return (
        f'<div class="top"><div><h1>{text(report.title)}</h1><p class="facts">{facts}</p></div>{logo}</div>'
        f'<p class="sentence">{text(report.sentence)}</p><div class="cover">{small}</div>{tables}{notes}'
    )


def _page(page: VariantPage, report: VariantsReport) -> str:
    strip = "".join(figure(pixels, caption) for caption, pixels in page.strip)
    name = f"{page.name} · " if page.name else ""
    shows = worded("Attention on {title}", title=page.title)
    return (
        f"<h2>{text(name + page.title)}</h2><p class=facts>{text(page.facts)}</p>"
        f'<p class="headline">{text(page.headline)}</p>'
        f'<div class="main">{image(page.main, "JPEG", shows)}</div>'
        f'<div class="bar">{image(report.bar, "PNG", worded("Colour bar"))}'
        f"<div><span>{text(worded('less attention'))}</span><span>{text(worded('more'))}</span></div></div>"
        f'<div class="strip">{strip}</div>{_table(page.areas) if page.areas else ""}'
    )


def _last(report: VariantsReport) -> str:
    texts = "".join(f"<h3>{text(head)}</h3><p>{text(words)}</p>" for head, words in report.texts)
    return f'<h2>{text(worded("Method and limits"))}</h2><div class="texts">{texts}</div>'


def _table(table: ReportTable) -> str:
    head = "".join(f"<th>{text(name)}</th>" for name in table.columns)
    rows = "".join("<tr>" + "".join(f"<td>{text(cell)}</td>" for cell in row) + "</tr>" for row in table.rows)
    return f"<h3>{text(table.title)}</h3><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
