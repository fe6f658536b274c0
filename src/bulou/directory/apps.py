"""The directory as a Django app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class DirectoryConfig(AppConfig):
    name = "bulou.directory"
    label = "directory"

    def ready(self) -> None:
        from bulou.directory import grants

        post_migrate.connect(grants.after_migrate, sender=self)
