"""Who may ask a plugin's routes: here every request comes from the developer, and is let in."""

from __future__ import annotations

from typing import Any

KEY = "mpdt"


async def get_api_key() -> str:
    """For ``Depends``: the key that the request is taken to have."""
    return KEY


async def verify_websocket_token(websocket: Any, token_query_param: str = "token") -> bool:
    return True
