from src.core.components.base import *  # noqa: F403
from src.core.components.loader import register_plugin  # noqa: F401
