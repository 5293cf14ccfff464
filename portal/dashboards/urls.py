"""The address of the first page."""

from django.urls import URLPattern, path

from portal.dashboards.views import home

urlpatterns: list[URLPattern] = [path("", home.home, name="home")]
