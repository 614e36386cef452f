from src.core.managers.service_manager import get_service_manager


def get_service(signature: str) -> object:
    return get_service_manager().get_service(signature)
