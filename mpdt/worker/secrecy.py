"""Which values are secrets, by the names that they have; and how they are shown instead. Pure."""

from __future__ import annotations

import re
from itertools import pairwise

MASK = "••••••"
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_a-zA-Z]+")
_SECRET = frozenset(
    {
        *("password", "passwords", "passwd", "pwd", "passphrase", "secret", "secrets", "token", "cookie", "cookies"),
        *("credential", "credentials", "authorization", "apikey", "apikeys", "accesskey", "privatekey"),
    }
)
_PAIRS = frozenset({("api", "key"), ("api", "keys"), ("access", "key"), ("private", "key"), ("access", "tokens")})
_CHINESE = ("密码", "密钥", "令牌", "口令")
_COUNTING = frozenset({"max", "min", "num", "number", "count", "limit", "total", "used", "budget"})


def is_secret(name: str) -> bool:
    """Does a field, key or global of that name hold what nobody but the plugin is to see?

    Numbers of a model's tokens (``max_tokens``, ``token_limit``) are none.
    """
    words = [word.lower() for word in _WORD.findall(name)]
    if _COUNTING.intersection(words):
        return False
    pairs = pairwise(words)
    return bool(_SECRET.intersection(words)) or any(one in _PAIRS for one in pairs) or any(x in name for x in _CHINESE)
