"""The command line: replay commits or releases of packages; make the table of results."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from benchmarks.replay.model import WRONG, Pair, Result, Version, read_results
from benchmarks.replay.packages import PACKAGES, Package


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    if options.command == "table":
        from benchmarks.replay.table import write_tables

        write_tables(read_results(*options.results), options.markdown, options.json)
        return 0
    if len(options.packages) > 1:
        return _each_in_its_process(arguments or sys.argv[1:], options.packages, options.jobs)
    return _replay_one(PACKAGES[options.packages[0]], options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.replay", description=sys.modules["benchmarks.replay"].__doc__
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("commits", "releases"):
        command = commands.add_parser(name)
        command.add_argument("packages", nargs="+", choices=sorted(PACKAGES), metavar="PACKAGE")
        command.add_argument("--output", type=Path, required=True, help="folder for the results, a .jsonl a package")
        command.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "mpdt-replay")
        command.add_argument("--most", type=int, default=100_000, help="only the last so many commits or releases")
        command.add_argument("--no-files", action="store_true", help="no file-by-file edits")
        command.add_argument("--jobs", type=int, default=2, help="packages at the same time")
        if name == "commits":
            command.add_argument("--repositories", type=Path, required=True, help="folder of git repositories, by name")
            command.add_argument("--since", default="", help="date")
            command.add_argument("--until", default="", help="date")
        else:
            command.add_argument("--wheels", type=Path, required=True, help="folder; what is not there is downloaded")
    table = commands.add_parser("table")
    table.add_argument("results", nargs="+", type=Path)
    table.add_argument("--markdown", type=Path, required=True)
    table.add_argument("--json", type=Path)
    return parser


def _each_in_its_process(arguments: list[str], packages: list[str], jobs: int) -> int:
    """A package's libraries may be another package of the list."""
    rest = [argument for argument in arguments[1:] if argument not in packages]

    def run(name: str) -> int:
        command = [sys.executable, "-m", "benchmarks.replay", arguments[0], name, *rest]
        return subprocess.run(command, check=False).returncode

    with ThreadPoolExecutor(jobs) as pool:
        return max(pool.map(run, packages))


def _replay_one(package: Package, options: argparse.Namespace) -> int:
    from benchmarks.replay.worker import replay

    options.output.mkdir(parents=True, exist_ok=True)
    counts: Counter[str] = Counter()
    with (options.output / f"{package.name}-{options.command}.jsonl").open("w", encoding="utf-8") as output:

        def tell(result: Result) -> None:
            print(result.to_line(), file=output, flush=True)
            counts[result.verdict] += 1
            if result.verdict in WRONG:
                print(
                    f"{package.name} {result.old}..{result.new} {result.verdict}: {', '.join(result.files)}", flush=True
                )
                print("".join(f"    {line[:300]}\n" for line in result.details[:6]), end="", flush=True)

        replay(package, _pairs(package, options), options.work, tell, file_by_file=not options.no_files)
    print(package.name, dict(counts), flush=True)
    return 1 if any(counts[verdict] for verdict in WRONG) else 0


def _pairs(package: Package, options: argparse.Namespace) -> Iterator[Pair]:
    from benchmarks.replay import sources

    if options.command == "releases":
        sources.download(package.name, sources.published(package.name)[-options.most :], options.wheels)
        pairs = sources.release_pairs(package.name, package.top, options.wheels)
    else:
        repository = _repository(package, options.repositories)
        pairs = sources.commit_pairs(
            repository,
            package.folders,
            options.since,
            options.until,
            options.most,
            only_of_folders=package.is_plugin,
        )
    return _with_extra(pairs, package)


def _with_extra(pairs: Iterable[Pair], package: Package) -> Iterator[Pair]:
    def full(version: Version) -> Version:
        return replace(version, tree={**package.extra, **version.tree}) if version.tree else version

    for pair in pairs:
        yield replace(pair, old=full(pair.old), new=full(pair.new))


def _repository(package: Package, folder: Path) -> Path:
    names = {package.repository} if package.repository else {package.name, package.top, package.name.rstrip("2")}
    found = [path for path in sorted(folder.iterdir()) if path.name.rpartition("+")[2] in names]
    if not found:
        raise SystemExit(f"no repository of {package.name} in {folder}")
    return found[0] / "repo" if (found[0] / "repo").is_dir() else found[0]


if __name__ == "__main__":
    sys.exit(main())
