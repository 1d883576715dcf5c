"""How the page looks: on a wide screen, on a phone, in the dark, on paper."""

from __future__ import annotations

from ltrr_cli.report.charts import COLORS

_LIGHT = "--paper:#fff;--card:#f7f7f5;--ink:#1c1d20;--soft:#5d6068;--line:#dcdcd8;--link:#205ea8;--good:#2c7a3f;--bad:#b3382c"
_DARK = "--paper:#15171a;--card:#1d2024;--ink:#e8e8e6;--soft:#a2a6ae;--line:#343840;--link:#8ab8f0;--good:#77c98a;--bad:#f0897d"
_SERIES = "".join(
    f".s{i}{{stroke:{color};color:{color}}}.f{i}{{fill:{color}}}.b{i}{{background:{color}}}" for i, color in enumerate(COLORS)
)

STYLE = f"""
:root{{color-scheme:light dark;{_LIGHT}}}
@media (prefers-color-scheme:dark){{:root{{{_DARK}}}}}
*{{box-sizing:border-box}}
body{{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}}
main,header,footer{{max-width:1120px;margin:0 auto;padding:0 20px}}
header{{padding-top:28px}}
h1{{font-size:1.7rem;margin:0 0 4px;line-height:1.2}}
h2{{font-size:1.25rem;margin:44px 0 4px;padding-top:16px;border-top:1px solid var(--line)}}
h3{{font-size:1rem;margin:0 0 2px}}
p{{margin:4px 0 12px;max-width:76ch}}
a{{color:var(--link)}}
.soft,figcaption p,.note{{color:var(--soft);font-size:.9rem}}
nav{{display:flex;flex-wrap:wrap;gap:4px 16px;margin:16px 0 0;font-size:.9rem}}
.cards{{display:grid;grid-template-columns:repeat(auto-fit,minmax(220px,1fr));gap:10px;margin:20px 0 0;padding:0;list-style:none}}
.cards li{{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:10px 14px}}
.cards b{{display:block;font-size:1.5rem;line-height:1.25;font-weight:650;font-variant-numeric:tabular-nums}}
.cards span{{display:block;font-size:.8rem;color:var(--soft);line-height:1.35}}
.two{{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:0 28px}}
figure{{margin:18px 0 10px;min-width:0}}
figcaption p{{margin:0 0 6px}}
.key{{display:flex;flex-wrap:wrap;gap:2px 14px;margin:0 0 6px;padding:0;list-style:none;font-size:.82rem}}
.key i{{display:inline-block;width:11px;height:11px;border-radius:3px;margin-right:6px;vertical-align:-1px}}
svg{{display:block;width:100%;height:auto;font:12px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}}
svg.narrow{{display:none}}
svg text{{fill:var(--ink)}}svg .tick,svg .name{{fill:var(--soft)}}
svg .inside{{fill:#111;font-weight:600;paint-order:stroke;stroke:#fffb;stroke-width:3px;stroke-linejoin:round}}
.grid{{stroke:var(--line);fill:none}}.axis,.mark{{stroke:var(--soft);fill:none}}.zero{{stroke:var(--ink);fill:none}}
.diagonal{{stroke:var(--soft);stroke-dasharray:4 4;fill:none}}
.line{{fill:none;stroke-width:2;stroke-linejoin:round}}.band{{stroke:none;fill:currentColor;opacity:.2}}
.dot{{fill:currentColor;stroke:var(--paper);stroke-width:1.5}}.range{{stroke-width:5;opacity:.45;stroke-linecap:round}}
.whisker{{stroke-width:1.5}}.layer{{stroke:var(--paper);stroke-width:.8}}
.tip{{fill:transparent}}.tip:hover{{fill:var(--ink);opacity:.07}}
{_SERIES}
.scroll{{overflow-x:auto;margin:0 0 12px}}
.scroll:focus-visible{{outline:2px solid var(--link)}}
table{{border-collapse:collapse;font-size:.86rem;width:100%;font-variant-numeric:tabular-nums}}
caption{{text-align:left;font-weight:600;font-size:1rem;padding:0 0 4px}}
th,td{{text-align:right;padding:4px 10px;border-bottom:1px solid var(--line);white-space:nowrap;vertical-align:top}}
th{{font-weight:600;color:var(--soft)}}
tbody th{{color:var(--ink);font-weight:500}}
.left{{text-align:left}}
.wrap{{white-space:normal;overflow-wrap:anywhere;min-width:9rem}}
td.heat{{text-align:center;color:var(--ink)}}
.good{{color:var(--good)}}.bad{{color:var(--bad)}}
details{{margin:0 0 8px;font-size:.85rem}}summary{{cursor:pointer;color:var(--soft)}}
details .scroll{{max-height:340px;overflow:auto;margin-top:6px}}
footer{{margin-top:48px;padding-bottom:40px;color:var(--soft);font-size:.85rem}}
footer div{{border-top:1px solid var(--line);padding-top:16px}}
dt{{font-weight:600;color:var(--ink)}}dd{{margin:0 0 8px}}
@media (max-width:720px){{
 main,header,footer{{padding-left:14px;padding-right:14px}}
 .two{{grid-template-columns:minmax(0,1fr)}}
 .cards{{grid-template-columns:repeat(2,minmax(0,1fr))}}
 .cards b{{font-size:1.25rem}}
 svg.wide{{display:none}}svg.narrow{{display:block}}
 th,td{{padding:4px 6px}}.wrap{{min-width:6.5rem}}
}}
@media print{{
 :root{{color-scheme:light;{_LIGHT}}}
 body{{font-size:10.5pt}}main,header,footer{{max-width:none;padding:0}}
 svg.wide{{display:block}}svg.narrow,nav,details{{display:none}}
 .two{{grid-template-columns:repeat(2,minmax(0,1fr))}}
 figure,table,.cards li,tr{{break-inside:avoid}}h2,h3,caption,section>p{{break-after:avoid}}
 td,th{{padding:3px 5px}}
 .scroll{{overflow:visible}}td,th{{white-space:normal}}
 *{{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
 @page{{margin:14mm}}
}}
"""
