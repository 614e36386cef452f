from src.kernel.logger import get_logger  # noqa: F401
