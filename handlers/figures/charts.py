"""Pictures of figures: Vega-Lite specs as plain dicts, drawn as SVG for pages and PNG for chats, with Chinese letters from a wheel.

Bars begin at nought, lines are straight between points, nothing is a pie, and few samples are pale.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import vl_convert

# The light values of tokens.css; the page's style gives an inline picture the values of the theme that is on.
INK, MUTED, LINE, ACT, SOON, PALE = "#1c2430", "#56606e", "#d9dee5", "#1456b8", "#8a5300", "#a9c1e6"
WIDTH = 230
ROW = 30
SHOWN_POINTS = 60
Spec = dict[str, Any]


@dataclass(frozen=True)
class Mark:
    """One line of a chart of spans: median and ninth tenth in one unit, how many, and whether they are few."""

    name: str
    median: float
    most: float
    text: str
    few: bool


@dataclass(frozen=True)
class Bar:
    name: str
    number: float
    text: str
    few: bool = False


def spans(marks: Sequence[Mark], unit: str, limit: float | None) -> Spec:
    """A line from nought to the ninth tenth, a dot at the median, a rule at the limit, the number of cases at the end."""
    rows = [{"name": one.name, "p50": one.median, "p90": one.most, "zero": 0, "text": one.text, "few": one.few} for one in marks]
    colour = {"condition": {"test": "datum.few", "value": PALE}, "value": ACT}
    y = {"field": "name", "type": "nominal", "sort": None, "axis": _names()}
    layers: list[Spec] = [
        {
            "mark": {"type": "rule", "strokeWidth": 3},
            "encoding": {
                "x": {"field": "zero", "type": "quantitative", "title": unit, "axis": _amounts()},
                "x2": {"field": "p90"},
                "color": {"condition": {"test": "datum.few", "value": LINE}, "value": ACT},
            },
        },
        {
            "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1},
            "encoding": {"x": {"field": "p50", "type": "quantitative", "title": unit, "axis": _amounts()}, "color": colour},
        },
        {
            "mark": {"type": "text", "align": "left", "dx": 7, "color": MUTED, "fontSize": 12},
            "encoding": {"x": {"field": "p90", "type": "quantitative"}, "text": {"field": "text"}},
        },
    ]
    limits: list[Spec] = []
    if limit is not None:
        mark = {"type": "rule", "color": SOON, "strokeWidth": 1.5, "strokeDash": [5, 3]}
        limits.append({"mark": mark, "encoding": {"x": {"datum": limit, "type": "quantitative"}}})
    return _chart({"data": {"values": rows}, "encoding": {"y": y}, "layer": layers}, len(rows), rule=limits)


def bars(rows: Sequence[Bar]) -> Spec:
    """Lying bars from nought, the number at the end."""
    values = [{"name": one.name, "number": one.number, "text": one.text, "few": one.few} for one in rows]
    shared = {
        "y": {"field": "name", "type": "nominal", "sort": None, "axis": _names()},
        "x": {"field": "number", "type": "quantitative", "axis": None, "scale": {"zero": True}},
    }
    layers: list[Spec] = [
        {
            "mark": {"type": "bar", "height": 16},
            "encoding": {"color": {"condition": {"test": "datum.few", "value": PALE}, "value": ACT}},
        },
        {"mark": {"type": "text", "align": "left", "dx": 5, "color": MUTED, "fontSize": 12}, "encoding": {"text": {"field": "text"}}},
    ]
    return _chart({"data": {"values": values}, "encoding": shared, "layer": layers}, len(values))


def lines(series: Mapping[str, Sequence[tuple[str, float]]], unit: str) -> Spec:
    """Straight lines over time, one colour and one dash each, named at the top."""
    names = list(series)
    values = [
        {"when": when, "number": number, "series": name} for name, points in series.items() for when, number in points[-SHOWN_POINTS:]
    ]
    scale = {"domain": names, "range": [ACT, SOON][: len(names)]}
    dash = {"domain": names, "range": [[1, 0], [6, 3]][: len(names)]}
    legend = {"title": None, "orient": "top", "labelColor": INK, "symbolType": "stroke", "symbolSize": 300} if len(names) > 1 else None
    encoding = {
        "x": {
            "field": "when",
            "type": "ordinal",
            "title": None,
            "sort": None,
            "axis": {"labelAngle": 0, "labelOverlap": "greedy", "labelSeparation": 6},
        },
        "y": {
            "field": "number",
            "type": "quantitative",
            "title": unit,
            "scale": {"zero": True},
            "axis": {"tickCount": 4, "tickMinStep": 1},
        },
        "color": {"field": "series", "type": "nominal", "scale": scale, "legend": legend},
        "strokeDash": {"field": "series", "type": "nominal", "scale": dash, "legend": legend},
    }
    mark = {"type": "line", "interpolate": "linear", "point": {"size": 36, "filled": True}, "strokeWidth": 2}
    return _dressed({"data": {"values": values}, "mark": mark, "encoding": encoding, "width": WIDTH + 60, "height": 150})


class Pictures:
    """Draws specs. Safe from threads; whoever serves people calls it in one, for drawing takes a tenth of a second."""

    def __init__(self, font: Path | None = None) -> None:
        path = font or Path(pylopdf_fonts_zh_cn.sans_path())
        vl_convert.register_font_directory(str(path.parent))
        self._svg = lru_cache(maxsize=128)(_draw_svg)

    def svg(self, spec: Spec) -> str:
        """An element for a page: it takes the width it is given."""
        return self._svg(json.dumps(spec, ensure_ascii=False, sort_keys=True))

    def png(self, spec: Spec, *, scale: float = 3) -> bytes:
        """A picture for a chat or a paper, on white."""
        return bytes(vl_convert.vegalite_to_png({**spec, "background": "#ffffff", "padding": 12}, scale=scale))


def _draw_svg(spec: str) -> str:
    drawn: str = vl_convert.vegalite_to_svg(json.loads(spec))
    return drawn


def _chart(spec: Spec, rows: int, *, rule: Sequence[Spec] = ()) -> Spec:
    if rule:
        # The limit belongs to the whole chart and not to one line, so it stands in a layer of its own.
        data, encoding = spec.pop("data"), spec.pop("encoding")
        spec["layer"] = [{"data": data, "encoding": encoding, "layer": spec["layer"]}, *({"data": {"values": [{}]}, **one} for one in rule)]
    return _dressed({**spec, "width": WIDTH, "height": ROW * max(rows, 1)})


def _dressed(spec: Spec) -> Spec:
    axis = {
        "labelColor": MUTED,
        "titleColor": MUTED,
        "domainColor": LINE,
        "tickColor": LINE,
        "gridColor": LINE,
        "labelFontSize": 12,
        "titleFontSize": 12,
    }
    config = {
        "font": "Noto Sans SC",
        "axis": {**axis, "titleFontWeight": "normal", "labelFontWeight": "normal"},
        "legend": {"labelFontSize": 12},
        "view": {"stroke": None},
        "title": {"fontWeight": "normal"},
    }
    return {"$schema": "https://vega.github.io/schema/vega-lite/v6.json", "background": None, "padding": 2, "config": config, **spec}


def _names() -> Spec:
    return {"title": None, "labelLimit": 110, "labelColor": INK, "ticks": False, "domain": False, "labelPadding": 6}


def _amounts() -> Spec:
    return {"tickCount": 4, "grid": True}
