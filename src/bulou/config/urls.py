"""The addresses of the doors: the API under /api, the pages everywhere else."""

from django.urls import include, path

urlpatterns = [
    path("api/", include("bulou.api.urls")),
    path("", include("bulou.web.urls")),
]
