"""The addresses of the pages, by audience."""

from django.urls import include, path

urlpatterns = [
    path("", include("bulou.web.command_room.urls")),
    path("", include("bulou.web.field.urls")),
    path("", include("bulou.web.alerts.urls")),
    path("", include("bulou.web.finder.urls")),
    path("", include("bulou.web.lists.urls")),
    path("", include("bulou.web.desk.urls")),
    path("", include("bulou.web.desk.export_urls")),
    path("", include("bulou.web.public.urls")),
    path("", include("bulou.web.account.urls")),
    path("", include("bulou.web.design.urls")),
    path("", include("bulou.web.resident.urls")),
]
