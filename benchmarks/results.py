"""Results -> Markdown. One JSON file for each version of Python, one document of them all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "results"
DOCUMENT = Path(__file__).parent / "RESULTS.md"
HEAD = """\
# Benchmark results

Made by `python -m benchmarks --peers`; the figures behind the tables are in `results/`. All figures of one section come
from one run on one machine, with the contestants taking turns; compare within a section only. Every edit was looked
for in the live process, and what was not there is called wrong, whatever its time. What is measured, and how:
[docs/benchmarks.md](../docs/benchmarks.md).
"""
Document = dict[str, Any]


def file_of(machine: Mapping[str, Any]) -> str:
    """``CPython 3.11.7`` -> ``cpython-3.11.json``."""
    name, _, version = str(machine["python"]).partition(" ")
    return f"{name.lower()}-{'.'.join(version.split('.')[:2])}.json"


def update(folder: Path, found: Document) -> None:
    """Puts this run's parts beside those of earlier ones, and writes the Markdown anew."""
    where = folder / "results" if folder == FOLDER.parent else folder
    where.mkdir(parents=True, exist_ok=True)
    path = where / file_of(found["machine"])
    before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    merged = found
    if before.get("machine") == found["machine"] and before.get("quick") == found.get("quick"):
        merged = {**before, **found, "load": {**before.get("load", {}), **found.get("load", {})}}
    path.write_text(json.dumps(merged, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    documents = [json.loads(one.read_text(encoding="utf-8")) for one in sorted(where.glob("*-*.json"), key=by_version)]
    (folder / DOCUMENT.name).write_text(markdown(documents), encoding="utf-8")


def by_version(path: Path) -> list[int]:
    return [int(part) for part in path.stem.rpartition("-")[2].split(".")]


def markdown(documents: Iterable[Document]) -> str:
    parts = [HEAD]
    for document in documents:
        machine = document["machine"]
        parts.append(f"\n## {machine['python']}\n\n{machine['cpu']}, {machine['cores']} cores, {machine['system']}.")
        if document.get("quick"):
            parts.append("A quick run: it shows that the benchmarks work, and nothing else.")
        for key, write in (("saves", save_tables), ("ratios", ratio_tables), ("compare", compare_tables)):
            if key in document:
                parts.append(write(document[key]))
                load = document.get("load", {}).get(key)
                if load is not None:
                    parts.append(f"The machine's load average at the end was {load} on {machine['cores']} cores.\n")
    return "\n".join(parts).rstrip() + "\n"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *map(list, rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def number(value: object, digits: int = 2) -> str:
    if isinstance(value, bool) or value is None:
        return "–"
    return f"{value:,.{digits}f}" if isinstance(value, int | float) else str(value)


def save_tables(found: list[Document]) -> str:
    rows = [
        [one["name"], one["failure"], "", "", ""]
        if one["failure"]
        else [one["name"], number(one["p50"], 1), number(one["p95"], 1), str(one["saves"]), str(one["lost"])]
        for one in found
    ]
    text = (
        "\n### Save-to-live\n\nFrom the file's close to the new answer in the running program; a module of 1,200 "
        "lines. The reach is a median below 30 ms, with nothing lost.\n\n"
    )
    text += table(["", "p50 ms", "p95 ms", "saves", "lost"], rows)
    mine = found[0]
    said = mine.get("phases")
    if said:
        compiled = mine.get("compile")
        text += (
            f"\nWhat `mpdt dev` itself says of its {mine['saves']} saves, medians: watching {number(said['watch'], 1)} "
            f"ms, applying {number(said['apply'], 1)} ms; {number(said['patched'], 0)} patched in place."
        )
        if compiled:
            text += f" `compile()` of the file alone, between the saves, took {number(compiled, 1)} ms."
        text += "\n"
    return text


def ratio_tables(found: list[Document]) -> str:
    names = list(dict.fromkeys(name for row in found for name in row["values"]))
    rows = []
    for row in found:
        unit = {"x": "", "bytes": " bytes", "MB": " MB"}[row["unit"]]
        cells = [number(row["values"].get(name)) for name in names]
        verdict = "reached" if row["reached"] else "**missed**"
        rows.append([row["what"], f"{row['reach']:g}{unit}", verdict, *cells])
    text = "\n### The engine, as ratios within one run\n\n"
    text += table(["what", "reach", "verdict", *names], rows)
    return text + "\n" + phase_table(found)


def phase_table(found: list[Document]) -> str:
    lines = []
    for row in found:
        notes = row["notes"].get("mpdt")
        if notes:
            lines.append(f"- {row['key']}: " + ", ".join(f"{name} {number(value)}" for name, value in notes.items()))
    return "Medians behind mpdt's column (phases in ms):\n\n" + "\n".join(lines) + "\n"


def compare_tables(found: list[Document]) -> str:
    words = ("right", "kept", "refused", "but for tracebacks", "wrong", "half applied", "raised", "crashed")
    rows = []
    for one in found:
        if one["skipped"]:
            rows.append([one["name"], f"skipped: {one['skipped']}", *[""] * (len(words) + 2)])
            continue
        counts = [str(one["counts"].get(word, 0)) for word in words]
        share = f"{one['truthful']} of {one['of']}"
        kept = "–" if one["kept"] is None else f"{one['kept']:.0%}"
        rows.append([one["name"], share, *counts, kept, number(one["median ms"], 1)])
    text = (
        "\n### The same edits by each reloader\n\nright: the process equals a fresh one, by the oracle. kept: the new "
        "code is broken, and what ran before runs on unharmed. refused: a named refusal, with nothing changed. The "
        "rest is not the truth; but for tracebacks: only line numbers and qualified names of code differ.\n\n"
    )
    text += table(["", "truthful", *words, "objects kept", "median ms where right"], rows)
    present = [one for one in found if not one["skipped"]]
    text += "\n" + table(["edit", *(one["name"] for one in present)], edit_rows(present))
    return text


def edit_rows(present: list[Document]) -> list[list[str]]:
    rows = []
    for index, first in enumerate(present[0]["edits"]):
        verdicts = [one["edits"][index]["verdict"] for one in present]
        rows.append(
            [first["edit"], *(word if word in ("right", "kept", "refused") else f"**{word}**" for word in verdicts)]
        )
    return rows
