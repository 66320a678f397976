#!/usr/bin/env python3
"""Make the small set of icons of the citizens' site of Font Awesome 4.7.

    bin/make_icons.py [ODOO]

Reads which ``fa-…`` the addon names, and writes ``static/src/site/icons.scss`` with the
font of these alone within it, a tenth of the whole. Needs ``fonttools`` and ``brotli``
(`pip install fonttools brotli`); run it when a page begins to use another icon, which
a test tells. The font is under the SIL Open Font License 1.1.
"""

import base64
import io
import re
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parents[1]
ADDON = ROOT / "addons/pakn_1022_website"
ODOO = ROOT / ".local/odoo/usr/lib/python3/dist-packages/odoo"
LIB = "addons/web/static/src/libs/fontawesome"
# Where names of icons stand
PLACES = (
    "addons/pakn_1022_website/views",
    "addons/pakn_1022_website/controllers",
    "addons/pakn_1022_website/models",
    "addons/pakn_1022/views/rating_templates.xml",
)
# Not icons but sizes, and names that are put together
SIZES = {"lg": 1.315, "2x": 2, "3x": 3, "4x": 4}
COMPOSED = {"smile-o", "meh-o", "frown-o"}
HEAD = """\
// Made by bin/make_icons.py: icons of Font Awesome 4.7.0 by Dave Gandy
// (https://fontawesome.com/v4/license/, font: SIL OFL 1.1), those that our pages use.
@font-face {
    font-family: "Icons 1022";
    font-display: block;
    src: url("data:font/woff2;base64,%s") format("woff2");
}

.fa {
    display: inline-block;
    font: normal normal normal 1em/1 "Icons 1022";
    text-rendering: auto;
    -webkit-font-smoothing: antialiased;
}

.fa-fw {
    width: 1.28571429em;
    text-align: center;
}
"""


def find_names() -> set[str]:
    """Return the names of icons that stand in pages."""
    names = set(COMPOSED)
    for place in PLACES:
        path = ROOT / place
        for file in [path] if path.is_file() else path.rglob("*"):
            if file.suffix in (".xml", ".py"):
                names.update(re.findall(r"\bfa-([a-z0-9-]+)", file.read_text("utf-8")))
    return names


def main() -> None:
    lib = Path(sys.argv[1] if len(sys.argv) > 1 else ODOO) / LIB
    css = (lib / "css/font-awesome.css").read_text("utf-8")
    codes = {}
    for names, code in re.findall(
        r'((?:\.fa-[\w-]+:before,?\s*)+)\{\s*content: "\\(\w+)"', css
    ):
        for name in re.findall(r"\.fa-([\w-]+):before", names):
            codes[name] = code
    used = sorted(find_names() & set(codes))
    font = TTFont(lib / "fonts/fontawesome-webfont.woff2")
    options = subset.Options(flavor="woff2", layout_features=[], hinting=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[int(codes[name], 16) for name in used])
    subsetter.subset(font)
    font.flavor = "woff2"
    out = io.BytesIO()
    font.save(out)
    text = HEAD % base64.b64encode(out.getvalue()).decode()
    for name, size in SIZES.items():
        text += f"\n.fa-{name} {{\n    font-size: {size}em;\n}}\n"
    for name in used:
        text += f'\n.fa-{name}::before {{\n    content: "\\{codes[name]}";\n}}\n'
    path = ADDON / "static/src/site/icons.scss"
    path.write_text(text, "utf-8")
    print(f"{len(used)} icons, {len(text)} bytes: {path}")  # noqa: T201


if __name__ == "__main__":
    main()
