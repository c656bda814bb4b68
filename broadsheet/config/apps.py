from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "broadsheet.config"
    label = "config"

    def ready(self) -> None:
        from broadsheet.config import checks  # noqa: F401 # importing it registers the checks
