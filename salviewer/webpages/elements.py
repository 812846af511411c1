"""The elements of a page that somebody would ask about, as named areas of its picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from salviewer.core.areas import Rectangle

ElementKind = Literal["heading", "button", "link", "image", "form", "price"]

KINDS: dict[ElementKind, str] = {
    "heading": "Heading",
    "button": "Button",
    "link": "Link",
    "image": "Image",
    "form": "Form",
    "price": "Price",
}
"""The first word of an area's name, by kind of element."""

MOST_ON_A_SCREEN = 60
"""Most areas of one screen; the largest are kept."""

_Box = tuple[float, float, float, float]  # left, top, right, bottom, in CSS pixels

_LONGEST_NAME = 48
_SAME = 0.85  # of the larger one's surface: two elements at one place are one area


@dataclass(frozen=True, slots=True)
class Element:
    """A part of a page.

    Attributes:
        kind: what it is.
        words: its name in the accessibility tree, or what it says, shortened; may be empty.
        area: where it is, named by both: "Button: Buy now".
    """

    kind: ElementKind
    words: str
    area: Rectangle


def elements_of(
    found: Iterable[Mapping[str, Any]], width: float, height: float, screens: float = 1.0
) -> tuple[Element, ...]:
    """Turn what `SCRIPT` finds into elements, from top to bottom.

    An element that lies in the same place as an earlier one, such as the link in a heading, is left out.

    Args:
        found: elements, with kind, name, x, y, width and height in CSS pixels of the page.
        width, height: of the part of the page that is in the picture, in CSS pixels.
        screens: how many screens that is, for `MOST_ON_A_SCREEN`.
    """
    boxes: list[tuple[_Box, ElementKind, str]] = []
    for one in found:
        left, top = max(0.0, float(one["x"])), max(0.0, float(one["y"]))
        right = min(width, float(one["x"]) + float(one["width"]))
        bottom = min(height, float(one["y"]) + float(one["height"]))
        kind = cast("ElementKind", str(one["kind"]))
        if kind in KINDS and right - left >= 4 and bottom - top >= 4:
            boxes.append(((left, top, right, bottom), kind, _shortened(str(one["name"]))))
    order = list(KINDS)
    boxes.sort(key=lambda box: order.index(box[1]))
    kept: list[tuple[_Box, ElementKind, str]] = []
    for box in boxes:
        if not any(_same(box[0], other[0]) for other in kept):
            kept.append(box)
    most = max(1, round(MOST_ON_A_SCREEN * max(1.0, screens)))
    kept = sorted(kept, key=lambda box: -_surface(box[0]))[:most]
    kept.sort(key=lambda box: (box[0][1], box[0][0]))
    numbers: dict[str, int] = {}
    elements = []
    for number, ((left, top, right, bottom), kind, words) in enumerate(kept, 1):
        name = f"{KINDS[kind]}: {words}" if words else KINDS[kind]
        numbers[name] = numbers.get(name, 0) + 1
        if numbers[name] > 1:
            name = f"{name} ({numbers[name]})"
        sides = left / width, top / height, right / width, bottom / height
        area = Rectangle(*(round(side, 6) for side in sides), name=name, id=f"e{number}")
        elements.append(Element(kind, words, area))
    return tuple(elements)


def _shortened(text: str) -> str:
    words = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return words if len(words) <= _LONGEST_NAME else words[: _LONGEST_NAME - 1].rstrip() + "…"


def _surface(box: _Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _same(first: _Box, second: _Box) -> bool:
    width = min(first[2], second[2]) - max(first[0], second[0])
    height = min(first[3], second[3]) - max(first[1], second[1])
    if width <= 0 or height <= 0:
        return False
    return width * height >= _SAME * max(_surface(first), _surface(second))


SCRIPT = r"""
(height => {
  const MOST = 60000, FOUND = 4000, SECONDS = 6;
  const end = performance.now() + 1000 * SECONDS;
  const tree = document.getElementsByTagName("*").length <= 20000;  // the tree of a larger page takes long
  const nodes = [];
  const walk = root => {
    for (const node of root.querySelectorAll("*")) {
      if (nodes.length >= MOST) return;
      nodes.push(node);
      if (node.shadowRoot) walk(node.shadowRoot);
    }
  };
  walk(document);
  const text = node => (node.innerText || node.textContent || "").slice(0, 400);
  const name = node => {
    const told = tree ? node.computedName || "" : "";
    if (told) return told;
    const ids = (node.getAttribute("aria-labelledby") || "").split(/\s+/).filter(Boolean);
    const labels = ids.map(id => document.getElementById(id)).filter(Boolean).map(text).join(" ");
    return labels || node.getAttribute("aria-label") || node.getAttribute("alt") || text(node)
      || node.value || node.getAttribute("title") || node.getAttribute("placeholder") || "";
  };
  const role = node => {
    const told = tree ? node.computedRole || "" : "";
    return told || node.getAttribute("role") || "";
  };
  const before = "[$€£¥₹₩₽]|\\b(?:USD|EUR|GBP|CHF|Fr\\.|kr|zł|CNY|RMB|AUD|CAD)";
  const after = "[$€£¥₹₩₽元円]|(?:USD|EUR|GBP|CHF|kr|zł|CNY|RMB|Kč)\\b";
  const number = "\\d[\\d.,' \\u00a0\\u202f]*";
  const price = new RegExp(
    `^\\D{0,12}?(?:(?:${before})\\s?${number}(?:[-–]|\\b)|${number}\\s?(?:${after})).{0,14}$`, "i");
  const isPrice = words =>
    words.length >= 2 && words.length <= 40 && !words.includes("\n\n") && price.test(words);
  const kind = node => {
    const tag = node.localName, says = role(node);
    if (says === "heading" || /^h[1-6]$/.test(tag) && !/^(presentation|none)$/.test(says)) return "heading";
    if (says === "button" || tag === "button"
        || tag === "input" && /^(submit|button|reset|image)$/.test(node.type)) return "button";
    if (tag === "a" && node.hasAttribute("href") || says === "link")
      return looksLikeButton(node) ? "button"
        : node.closest("nav,[role=navigation],header,[role=banner]") ? "link" : "";
    if (/^(img|picture|video|canvas|svg)$/.test(tag) || /^(img|image)$/.test(says)) return "image";
    if (tag === "form" || says === "form" || says === "search") return "form";
    return "";
  };
  const looksLikeButton = node => {
    const style = getComputedStyle(node);
    const filled = !/^rgba\(.*, 0\)$|^transparent$/.test(style.backgroundColor)
      || style.backgroundImage !== "none";
    const lined = parseFloat(style.borderTopWidth) > 0 && style.borderTopStyle !== "none";
    return (filled || lined) && parseFloat(style.paddingLeft) >= 6 && text(node).trim().length <= 40
      && node.getBoundingClientRect().height <= 90;
  };
  const outline = (node, what) => {  // of the letters of a heading or price, not of their line
    const box = node.getBoundingClientRect();
    if (what !== "heading" && what !== "price") return box;
    const range = document.createRange();
    range.selectNodeContents(node);
    const letters = range.getBoundingClientRect();
    return letters.width >= 8 && letters.height >= 8 ? letters : box;
  };
  const shown = (node, what) => {
    if (!node.checkVisibility({opacityProperty: true, visibilityProperty: true})) return null;
    const own = outline(node, what);
    let [left, top, right, bottom] = [own.left, own.top, own.right, own.bottom];
    for (let up = node.parentElement; up && up !== document.body && up !== document.documentElement;
         up = up.parentElement) {
      const style = getComputedStyle(up);
      if (parseFloat(style.opacity) === 0) return null;
      if (style.overflowX === "visible" && style.overflowY === "visible") continue;
      const box = up.getBoundingClientRect();
      left = Math.max(left, box.left); top = Math.max(top, box.top);
      right = Math.min(right, box.right); bottom = Math.min(bottom, box.bottom);
    }
    return right - left >= 4 && bottom - top >= 4 ? [left, top, right, bottom] : null;
  };
  const covered = (node, box) => {
    let asked = 0;
    for (const [across, down] of [[.5, .5], [.25, .25], [.75, .25], [.25, .75], [.75, .75]]) {
      const x = box[0] + across * (box[2] - box[0]), y = box[1] + down * (box[3] - box[1]);
      if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) continue;
      asked++;
      let hit = node.getRootNode().elementFromPoint(x, y);
      if (!hit || hit === node || node.contains(hit) || hit.contains(node)
          || hit.closest("a,button,label") && node.contains(hit.closest("a,button,label"))) return false;
    }
    return asked > 0;
  };
  const result = [];
  for (const node of nodes) {
    if (result.length >= FOUND || performance.now() > end) break;
    const place = node.getBoundingClientRect();
    if (place.width < 8 || place.height < 8 || place.bottom + scrollY <= 0 || place.top + scrollY >= height
        || place.right <= 0 || place.left >= innerWidth) continue;
    let what = kind(node);
    if (!what && node.childElementCount <= 4) {
      const words = (node.innerText || "").trim();
      const inside = Array.from(node.children).some(one => isPrice((one.innerText || "").trim()));
      if (isPrice(words) && !inside
          && /^(inline|block|flex|table-cell|list-item)/.test(getComputedStyle(node).display))
        what = "price";
    }
    if (!what) continue;
    const box = shown(node, what);
    if (!box) continue;
    const [width, tall] = [box[2] - box[0], box[3] - box[1]];
    if (what === "image" && (width < 32 || tall < 32)) continue;
    if (width < 8 || tall < 8 || covered(node, box)) continue;
    let words = what === "price" ? text(node) : name(node);
    if (what === "form" && !node.getAttribute("aria-label") && !node.getAttribute("aria-labelledby"))
      words = node.getAttribute("name") || node.getAttribute("title")
        || (role(node) === "search" ? "search" : "");
    const [x, y] = [box[0] + scrollX, box[1] + scrollY];
    result.push({kind: what, name: words.slice(0, 200), x, y, width, height: tall});
  }
  return result;
})
"""
"""JavaScript: a function that finds the elements that are seen; it changes nothing.

It takes the height of the part of the page that is drawn, and works in CSS pixels of the page.
"""
