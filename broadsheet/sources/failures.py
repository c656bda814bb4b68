"""How asking a place can fail, told by what to do next."""


class FetchFailed(Exception):
    """A place could not be read now, or no further; the message says why and what happens next."""


class Unreachable(FetchFailed):
    """No answer, or one that says "not now": the next run tries again. ``after`` seconds, if the place said so."""

    def __init__(self, message: str, after: float = 0.0) -> None:
        super().__init__(message)
        self.after = after


class BadReply(FetchFailed):
    """An answer that is not whole or not what was asked for: nothing of it was used; the next run tries again."""


class Missing(FetchFailed):
    """There is no such thing at the place (400, 404, 410), such as a topic that it does not have; the place is well."""


class Refused(FetchFailed):
    """The place does not want us (401, 403, any reply that we do not know): a person has to look."""


class Forbidden(FetchFailed):
    """An address that must not be asked: not public, not https, or on a host that the source has no business with."""
