"""Videos, told by whoever answers for the model: what is in one is not looked at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mpdt.worker.cores.simulated.classic.language import ask
from mpdt.worker.cores.simulated.runtime import kept

NAME = "video"


class VideoAnalyzer:
    max_frames = 0

    async def analyze_video(self, video_path: str, question: str | None = None) -> tuple[bool, str]:
        if not Path(video_path).exists():  # noqa: ASYNC240 - one look
            return False, "❌ 文件不存在"
        return True, await self._told(Path(video_path).name, question)

    async def analyze_video_from_bytes(
        self, video_bytes: bytes, filename: str | None = None, prompt: str | None = None, question: str | None = None
    ) -> dict[str, str]:
        return {"summary": await self._told(filename or f"{len(video_bytes)} bytes", question or prompt)}

    async def _told(self, what: str, question: str | None) -> str:
        response = await ask(f"[{NAME}: {what}] {question or ''}".strip(), NAME)
        return str(response.message or "")


def get_video_analyzer() -> VideoAnalyzer:
    return kept(VideoAnalyzer)


def is_video_analysis_available() -> bool:
    return True


def get_video_analysis_status() -> dict[str, Any]:
    return {"available": True, "modes": ["auto"], "max_frames_default": 0, "implementation": "mpdt"}
