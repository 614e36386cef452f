"""What the figures were measured on: enough to compare them, nothing that names the machine."""

from __future__ import annotations

import os
import platform
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Machine:
    cpu: str
    cores: int
    system: str
    python: str

    def __str__(self) -> str:
        return f"{self.cpu}, {self.cores} cores, {self.system}, {self.python}"

    def to_json(self) -> dict[str, str | int]:
        return asdict(self)


def this_machine() -> Machine:
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return Machine(cpu_model(), os.cpu_count() or 1, f"{platform.system()} {platform.machine()}", python)


def cpu_model(info: Path = Path("/proc/cpuinfo")) -> str:
    try:
        lines = info.read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
