"""What a request can end with."""

from __future__ import annotations


class LLMError(RuntimeError):
    def __init__(self, message: str, *, model: str | None = None, **details: object) -> None:
        super().__init__(message)
        self.model = model
        for name, value in details.items():
            setattr(self, name, value)


class LLMContextError(LLMError): ...


class LLMConfigurationError(LLMError): ...


class LLMResponseConsumedError(LLMError): ...


class LLMRateLimitError(LLMError): ...


class LLMTimeoutError(LLMError): ...


class LLMContentFilterError(LLMError): ...


class LLMTokenLimitError(LLMError): ...


class LLMAuthenticationError(LLMError): ...


class LLMAPIError(LLMError): ...


def classify_exception(error: BaseException, model: str | None = None) -> BaseException:
    """As it is: here nothing but our own errors comes from a model."""
    return error
