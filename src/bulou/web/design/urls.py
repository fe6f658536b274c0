"""Address of the design system."""

from django.urls import path

from bulou.web.design import views

urlpatterns = [path("design/", views.design, name="design")]
