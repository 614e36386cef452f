import sys


class Logger:
    def __init__(self, name: str) -> None:
        self.name = name

    def say(self, level: str, text: str) -> None:
        print(f"[12:00:00] {self.name} | {level} | {text}", file=sys.stderr, flush=True)

    def info(self, text: str, **_: object) -> None:
        self.say("INFO", text)

    def warning(self, text: str, **_: object) -> None:
        self.say("WARNING", text)

    def error(self, text: str, **_: object) -> None:
        self.say("ERROR", text)

    def debug(self, text: str, **_: object) -> None:
        pass


def get_logger(name: str, **_: object) -> Logger:
    return Logger(name)
