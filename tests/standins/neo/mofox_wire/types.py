from enum import Enum


class UserRole(Enum):
    OWNER = "owner"
    OPERATOR = "operator"
    MEMBER = "member"
