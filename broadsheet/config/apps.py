from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "broadsheet.config"
    label = "config"

    def ready(self) -> None:
        from django.conf import settings

        from broadsheet.config import checks  # noqa: F401 # importing it registers the checks
        from broadsheet.search.power import Power, allow

        allow(Power(settings.OPTIONS["encoder_threads"], settings.OPTIONS["encoder_device"]))
