"""Addresses of exports: asking for one, its word, its file, and who took what."""

from django.urls import path

from bulou.web.desk import export_list, exports

urlpatterns = [
    path("exports/", export_list.exports, name="exports"),
    path("exports/new/", exports.new, name="new-export"),
    path("exports/ask/", exports.ask, name="ask-export"),
    path("exports/<uuid:id>/", exports.export, name="export"),
    path("exports/<uuid:id>/decide/", exports.decide, name="decide-export"),
    path("exports/<uuid:id>/file/", exports.download, name="export-file"),
]
