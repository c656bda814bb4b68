"""Readers: people, in tables. A row that ties a person to a paper points at the paper, never the reverse."""

from django.contrib.auth.models import AbstractUser


class Reader(AbstractUser):
    """A person. The site's user model from its first migration, so that accounts can come without moving rows."""

    class Meta(AbstractUser.Meta):
        db_table = "reader"
