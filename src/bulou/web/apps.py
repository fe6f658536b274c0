"""The pages as a Django app: templates, static files, template tags."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "bulou.web"
    label = "web"

    def ready(self) -> None:
        from bulou.directory import erasing as rooms
        from bulou.web import erasing

        rooms.register(erasing.erase)
        rooms.register_words(erasing.erase_views)
