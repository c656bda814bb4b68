"""Letters to the operator: what is wrong with the site, and that it is over."""

import logging
from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage

_log = logging.getLogger(__name__)


def tell(began: Sequence[str], over: Sequence[str]) -> bool:
    """Mail what began and what is over; whether a mail was sent. Without an operator or a relay nothing is.

    A relay that fails is logged: an alarm must not end the job that raised it.
    """
    address = settings.OPTIONS["operator"]
    if not address or not settings.OPTIONS["smtp"]:
        return False
    name = settings.OPTIONS["site_name"]
    subject = f"{name}: {began[0] if began else 'over: ' + over[0]}"[:150]
    lines = [*(f"- {one}" for one in began), *(f"- over: {one}" for one in over)]
    letter = EmailMessage(
        " ".join(subject.split()),
        "\n".join([*lines, "", "The page /coverage shows every day, /status the runs."]),
        to=[address],
        headers={"Auto-Submitted": "auto-generated"},
    )
    try:
        return bool(letter.send())
    except OSError as wrong:
        _log.error("the operator cannot be told by mail (%s): see the option smtp", wrong)
        return False
