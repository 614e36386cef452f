"""Replays of real history: every edit of a package's past applied to a live process, and held to the engine's word.

    python -m benchmarks.replay commits click --repository ~/src/click --since 2023-01-01
    python -m benchmarks.replay releases click rich --wheels ~/wheels
    python -m benchmarks.replay table results/*.jsonl

Each commit (or release) is applied as one save of all its files and, where it has several, once more file by file.
Every result is compared with a fresh interpreter that imports the same modules. POSIX only: processes are forked.
"""
