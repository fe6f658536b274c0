"""Addresses of people at a desk."""

from django.urls import path

from bulou.web.desk import (
    booklet,
    cases,
    comparing,
    downloads,
    files,
    jobs,
    picture,
    reader,
    registers,
    reveal,
    rooms,
    transit,
)

urlpatterns = [
    path("people/", registers.people, name="people"),
    path("places/", registers.places, name="places"),
    path("units/", registers.units, name="units"),
    path("people/<uuid:id>/", files.person, name="person"),
    path("people/<uuid:id>/reveal/", reveal.reveal, name="reveal"),
    path("people/<uuid:id>/card/", transit.card, name="card"),
    path("transit/", transit.transit, name="transit"),
    path("places/<uuid:id>/", files.place, name="place"),
    path("units/<uuid:id>/", files.unit, name="unit"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<uuid:id>/", jobs.job, name="job"),
    path("jobs/<uuid:id>/cancel/", jobs.cancel, name="cancel-job"),
    path("rooms/", rooms.board, name="rooms"),
    path("rooms/add/", rooms.add, name="rooms-add"),
    path("rooms/<uuid:id>/", rooms.room, name="room"),
    path("rooms/<uuid:id>/act/", rooms.act, name="room-act"),
    path("cases/", cases.line_list, name="cases"),
    path("cases/<uuid:id>/", cases.case, name="case"),
    path("plans/", reader.plans, name="plans"),
    path("plans/compare/", comparing.side_by_side, name="compare-plans"),
    path("plans/<str:plan>/", reader.plan, name="plan"),
    path("plans/<str:plan>/picture/", picture.picture, name="plan-picture"),
    path("plans/<str:plan>/booklet/", booklet.booklet, name="plan-booklet"),
    path("plans/<str:plan>/fhir/", downloads.as_fhir, name="plan-fhir"),
    path("plans/<str:plan>/calendar/", downloads.as_calendar, name="plan-calendar"),
    path("plans/<str:plan>/<str:clause>/", reader.clause, name="clause"),
]
