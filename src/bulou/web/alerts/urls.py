"""Addresses of the alerts."""

from django.urls import path

from bulou.web.alerts import hearing, inbox

urlpatterns = [
    path("alerts/", inbox.inbox, name="alerts"),
    path("alerts/read/", inbox.read_all, name="alerts-read"),
    path("alerts/hearing/", hearing.hearing, name="hearing"),
    path("alerts/channels/", hearing.channels, name="channels"),
    path("alerts/channels/add/", hearing.add, name="channel-add"),
    path("alerts/channels/<uuid:id>/test/", hearing.send_test, name="channel-test"),
    path("alerts/channels/<uuid:id>/switch/", hearing.switch, name="channel-switch"),
    path("alerts/<uuid:id>/", inbox.alert, name="alert"),
]
