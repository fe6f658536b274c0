"""Addresses of one's own account, and of the clock."""

from django.urls import path

from bulou.web.account import clock, views

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", views.SignOut.as_view(), name="sign-out"),
    path("account/", views.account, name="account"),
    path("account/comfort/", views.comfort, name="comfort"),
    path("language/", views.language, name="language"),
    path("clock/", clock.clock, name="clock"),
]
