from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "broadsheet.catalog"
    label = "catalog"
