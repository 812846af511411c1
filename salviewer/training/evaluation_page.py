"""Set the report of an evaluation as one self-contained HTML file, for light and dark screens."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from salviewer.results.page import document, figure, text
from salviewer.training.evaluation import METRICS, Row, Scores
from salviewer.training.evaluation_report import EvaluationReport, Group, Panels
from salviewer.training.ranking import Standing

_STYLE = """
:root { color-scheme: light dark; --accent: #1f5fbf; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e7eb; --muted: #9aa4b0; --rule: #2f363e;
  --strong: #586270; --paper: #15181c; --accent: #7fb2ff; } }
body { font-size: 14px; line-height: 1.45; background: var(--paper); }
main { max-width: 1180px; margin: 0 auto; padding: 28px 24px 48px; }
header { border-bottom: 1.5px solid var(--ink); padding-bottom: 10px; margin-bottom: 20px; }
header p { margin: 4px 0 0; overflow-wrap: anywhere; }
h1 { font-size: 24px; }
h2 { font-size: 17px; margin: 36px 0 6px; }
h3 { font-size: 14px; font-weight: 600; margin: 0 0 6px; overflow-wrap: anywhere; }
h3 span { margin-left: 6px; }
h3 span, .note, small { color: var(--muted); font-weight: 400; }
.note { margin: 8px 0 14px; max-width: 80em; }
a { color: var(--accent); }
.wide { overflow-x: auto; }
table { width: 100%; font-size: 13px; }
th, td { padding: 4px 0 4px 14px; vertical-align: top; }
th.words, td.words { text-align: left; }
td small { display: block; font-size: 11px; }
tr.model td { font-weight: 650; }
.scores tbody + tbody { border-top: 1px solid var(--strong); }
.cards { display: grid; gap: 28px 32px;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 500px), 1fr)); }
.broad { grid-template-columns: repeat(auto-fill, minmax(min(100%, 680px), 1fr)); }
.cards table { font-size: 12px; margin-top: 8px; table-layout: fixed; }
.cards th, .cards td { padding: 2px 0; }
.cards th { font-size: 11px; }
.cards th:first-child { width: 25%; }
.again { grid-column: 1 / -1; margin-bottom: -22px; }
.panels { display: flex; gap: 8px; }
.panels figure { flex: 1 1 0; min-width: 0; }
.panels img { display: block; max-width: 100%; }
figcaption { font-size: 12px; margin-top: 3px; overflow-wrap: anywhere; }
@media print { .cards { display: block; } article { break-inside: avoid; margin-bottom: 20px; } }
"""

_QUALITY = 85  # of the pictures: about 60 of them take two megabytes

HOW_TO_READ = (
    "Under each mean over the pictures stands its 95 % interval, by the percentile bootstrap over pictures. "
    "NSS, AUC-Judd, sAUC and IG (bits a fixation over the centre bias) are measured at fixations, CC, SIM "
    "and KL (nats) against a density; KL is better when lower, all others when higher."
)
OVERLAYS = (
    "Red marks where most attention is; each overlay is scaled to its own peak. People: the recorded density "
    "of fixations. Predictions are the maps as they were scored, not smoothed."
)


def evaluation_html(report: EvaluationReport) -> str:
    """Return the whole page, with pictures and styles inside; the same report always gives the same text."""
    shown: dict[str, str] = {}
    groups = "".join(_group(report, group, shown) for group in report.groups)
    note = report.evaluation.note
    body = f"""<main>
<header><h1>{text(report.title)}</h1><p>{text(report.facts)}</p></header>
<div class="wide">{_scores(report)}</div>
<p class="note">{HOW_TO_READ} {text(note[:1].upper() + note[1:])}.</p>
<p class="note">{text(report.rule)} {OVERLAYS}</p>
{groups}
</main>"""
    return document(f"{report.title} – evaluation", _STYLE, body)


def _scores(report: EvaluationReport) -> str:
    rows = report.evaluation.rows
    metrics = _metrics([row.scores for row in rows])
    head = '<th class="words">category</th><th class="words">predictor</th><th>pictures</th>'
    head += "".join(f"<th>{metric}</th>" for metric in metrics)
    bodies = ""
    for category, own in groupby(rows, lambda row: row.category):
        lines = ""
        for row in own:
            model = row.predictor == report.evaluation.model
            lines += _line(row, "" if lines else category, metrics, model)
        bodies += f"<tbody>{lines}</tbody>"
    return f'<table class="scores"><thead><tr>{head}</tr></thead>{bodies}</table>'


def _line(row: Row, category: str, metrics: Sequence[str], model: bool) -> str:
    cells = f'<td class="words">{text(category)}</td><td class="words">{text(row.predictor)}</td>'
    cells += f"<td>{row.pictures}</td>"
    for metric in metrics:
        if metric in row.scores:
            low, high = (_number(end) for end in row.intervals[metric])
            cells += f"<td>{_number(row.scores[metric])}<small>{low} to {high}</small></td>"
        else:
            cells += "<td></td>"
    kind = ' class="model"' if model else ""
    return f"<tr{kind}>{cells}</tr>"


def _group(report: EvaluationReport, group: Group, shown: dict[str, str]) -> str:
    cards = ""
    for number, standing in enumerate(group.standings, 1):
        again = standing.name in shown
        place = shown.setdefault(standing.name, f"picture-{len(shown) + 1}")
        name = f'<a href="#{place}">{text(standing.name)}</a>' if again else text(standing.name)
        words = f"{standing.words}, shown above" if again else standing.words
        heading = f"<h3>{number}. {name} <span>{text(words)}</span></h3>"
        if again:
            cards += f'<article class="again">{heading}</article>'
        else:
            rest = _card(standing, report.panels[standing.name])
            cards += f'<article id="{place}">{heading}{rest}</article>'
    broad = " broad" if any(len(panels) > 3 for panels in report.panels.values()) else ""
    return f'<section><h2>{text(group.title)}</h2><div class="cards{broad}">{cards}</div></section>\n'


def _card(standing: Standing, panels: Panels) -> str:
    pictures = "".join(figure(pixels, caption, quality=_QUALITY) for caption, pixels in panels)
    metrics = _metrics(list(standing.scores.values()))
    head = "<th></th>" + "".join(f"<th>{metric}</th>" for metric in metrics)
    lines = ""
    for predictor, scores in standing.scores.items():
        values = (f"<td>{_number(scores[name]) if name in scores else ''}</td>" for name in metrics)
        lines += f"<tr><td>{text(predictor)}</td>{''.join(values)}</tr>"
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"
    return f'<div class="panels">{pictures}</div>{table}'


def _metrics(scores: Sequence[Scores]) -> list[str]:
    return [metric for metric in METRICS if any(metric in each for each in scores)]


def _number(value: float) -> str:
    """Format a number with three decimals and a minus sign; a number that rounds to 0 has no sign."""
    return f"{value:.3f}".replace("-0.000", "0.000").replace("-", "−")
