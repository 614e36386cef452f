"""Starts the bot, once its agreement has been agreed to in the file ``.env``."""

import asyncio
import os
import sys
from pathlib import Path

from src.common.logger import get_logger

os.chdir(os.path.dirname(os.path.abspath(__file__)))
logger = get_logger("main")


def agreed() -> bool:
    env = Path(".env")
    if not env.exists():
        env.write_text(Path("template/template.env").read_text())
    return "EULA_CONFIRMED=true" in env.read_text()


async def main_async() -> int:
    if not agreed():
        logger.error("You have to agree to the EULA: write EULA_CONFIRMED=true into .env. The bot ends.")
        return 3
    from src.main import MainSystem

    system = MainSystem()
    await system.initialize()
    await system.schedule_tasks()
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main_async()))
