from functools import cache
from typing import Any


@cache
def get_app() -> Any:
    from fastapi import FastAPI

    return FastAPI()
