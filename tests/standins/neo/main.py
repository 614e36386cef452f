"""Starts the stand-in, as the real ``main.py`` does: an agreement first, then the bot."""

import asyncio
import sys
from pathlib import Path


def agreed() -> bool:
    accepted = Path("data/agreed")
    if accepted.exists():
        return True
    print("You have to agree to the licence of this bot (eula.md).", flush=True)
    try:
        answer = input("agree or decline: ")
    except EOFError:
        return False
    if answer.strip() != "agree":
        print("You did not agree; the bot ends.", flush=True)
        return False
    accepted.parent.mkdir(exist_ok=True)
    accepted.write_text("yes", encoding="utf-8")
    return True


async def main() -> None:
    from src.app.runtime.bot import Bot

    if not agreed():
        sys.exit(3)
    await Bot().start()


if __name__ == "__main__":
    asyncio.run(main())
