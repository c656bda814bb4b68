"""A panic in compiled code (the index, the formula converter) is an error of one request, not the end of the server."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class PanicMiddleware:
    """Turns what compiled code throws past ``except Exception`` into an exception that becomes the 500 page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: tuple[object, ...],
        kwargs: dict[str, object],
    ) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (Exception, KeyboardInterrupt, SystemExit, GeneratorExit):
            raise
        except BaseException as panic:
            raise RuntimeError(f"compiled code gave up: {panic}") from panic
