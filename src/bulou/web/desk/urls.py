"""Addresses of people at a desk."""

from django.urls import path

from bulou.web.desk import cases, files, reader

urlpatterns = [
    path("people/<uuid:id>/", files.person, name="person"),
    path("places/<uuid:id>/", files.place, name="place"),
    path("units/<uuid:id>/", files.unit, name="unit"),
    path("cases/", cases.line_list, name="cases"),
    path("cases/<uuid:id>/", cases.case, name="case"),
    path("plans/", reader.plans, name="plans"),
    path("plans/<str:plan>/", reader.plan, name="plan"),
    path("plans/<str:plan>/<str:clause>/", reader.clause, name="clause"),
]
