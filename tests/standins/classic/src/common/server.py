"""The application on which plugins' routes are mounted. Nobody listens."""

from fastapi import FastAPI


class Server:
    def __init__(self) -> None:
        self.app = FastAPI()
        self._server: object | None = None

    async def run(self) -> None:
        self._server = object()


_server = Server()


def get_global_server() -> Server:
    return _server
