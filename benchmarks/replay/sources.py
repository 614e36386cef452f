"""Where versions come from: wheels of a package index, and the commits of a git repository."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Collection, Iterator
from itertools import pairwise
from pathlib import Path

from benchmarks.replay.model import Kind, Pair, Version

LARGEST = 1_000_000


def commit_pairs(
    repository: Path, folders: Collection[str], since: str, until: str, most: int, *, only_of_folders: bool = False
) -> Iterator[Pair]:
    """Every commit in the range with its parent, oldest first; merges are passed over, for their commits are there.

    ``folders``: where the package's folder has been in the repository, the latest first. ``only_of_folders``: of a
    repository that is mostly something else, the commits that touch them.
    """
    paths = ["--full-history", "HEAD", "--", *folders] if only_of_folders else ["HEAD"]
    listing = _git(repository, "rev-list", "--no-merges", "--topo-order", "--parents", *_range(since, until), *paths)
    rows = [line.split() for line in listing.decode().splitlines()]
    with _Blobs(repository) as blobs:
        versions: dict[str, Version] = {}
        for commit, *parents in list(reversed([row for row in rows if len(row) == 2]))[-most:]:
            for name in (commit, *parents):
                if name not in versions:
                    versions[name] = Version(name[:10], _commit_tree(repository, blobs, name, folders))
            yield Pair(Kind.COMMIT, versions[parents[0]], versions[commit])


def count_merges(repository: Path, since: str, until: str) -> int:
    return int(_git(repository, "rev-list", "--merges", "--count", *_range(since, until), "HEAD"))


def release_pairs(distribution: str, package: str, wheels: Path) -> Iterator[Pair]:
    found = sorted(_wheels(distribution, wheels), key=lambda item: _version_key(item[0]))
    versions = [Version(label, _wheel_tree(path, package)) for label, path in found]
    for old, new in pairwise(versions):
        yield Pair(Kind.RELEASE, old, new)


def download(distribution: str, versions: Collection[str], wheels: Path) -> None:
    """Into the folder ``wheels``, which is nobody's repository."""
    wheels.mkdir(parents=True, exist_ok=True)
    have = {version for version, _ in _wheels(distribution, wheels)}
    for version in versions:
        if version not in have:
            asked = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:"]
            subprocess.run([*asked, "-d", str(wheels), f"{distribution}=={version}"], check=False)


def published(distribution: str) -> list[str]:
    """The versions that the index has, oldest first, without pre-releases."""
    asked = [sys.executable, "-m", "pip", "index", "versions", distribution]
    told = subprocess.run(asked, stdout=subprocess.PIPE, encoding="utf-8", check=False).stdout
    found = re.search(r"Available versions: (.*)", told)
    return found[1].split(", ")[::-1] if found else []


class _Blobs:
    """Reads objects of a repository through one process."""

    def __init__(self, repository: Path) -> None:
        pipe = subprocess.PIPE
        self._process = subprocess.Popen([*_command(repository), "cat-file", "--batch"], stdin=pipe, stdout=pipe)
        self._cache: dict[str, bytes] = {}

    def __enter__(self) -> _Blobs:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()  # its end of input would wait for the children, which have the pipe too
        self._process.wait()

    def __getitem__(self, name: str) -> bytes:
        if name not in self._cache:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._process.stdin.write(f"{name}\n".encode())
            self._process.stdin.flush()
            size = int(self._process.stdout.readline().split()[2])
            self._cache[name] = self._process.stdout.read(size + 1)[:-1]
        return self._cache[name]


def _command(repository: Path) -> list[str]:
    inner = repository / ".git"
    return ["git", f"--git-dir={inner if inner.exists() else repository}", "-c", "core.quotePath=false"]


def _git(repository: Path, *arguments: str) -> bytes:
    return subprocess.run([*_command(repository), *arguments], stdout=subprocess.PIPE, check=True).stdout


def _range(since: str, until: str) -> list[str]:
    return [f"--since={since}"] * bool(since) + [f"--until={until}"] * bool(until)


def _commit_tree(repository: Path, blobs: _Blobs, commit: str, folders: Collection[str]) -> dict[str, bytes]:
    for folder in folders:
        tree: dict[str, bytes] = {}
        for line in _git(repository, "ls-tree", "-r", "-l", commit, "--", folder).decode().splitlines():
            about, _, path = line.partition("\t")
            mode, kind, name, size = about.split()
            if kind == "blob" and mode != "120000" and _is_wanted(path, int(size)):
                tree[f"{Path(folder).name}{path[len(folder) :]}"] = blobs[name]
        if tree:
            return tree
    return {}


def _wheel_tree(path: Path, package: str) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        infos = [info for info in archive.infolist() if info.filename.startswith((f"{package}/", f"{package}.py"))]
        return {info.filename: archive.read(info) for info in infos if _is_wanted(info.filename, info.file_size)}


def _is_wanted(path: str, size: int) -> bool:
    return size < LARGEST and not path.endswith((".so", ".pyd", ".c", "/")) and "/_vendor/" not in path


def _wheels(distribution: str, wheels: Path) -> Iterator[tuple[str, Path]]:
    for path in wheels.glob("*.whl"):
        name, version, *_ = path.name.split("-")
        if name.lower().replace("_", "-") == distribution.lower():
            yield version, path


def _version_key(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))
