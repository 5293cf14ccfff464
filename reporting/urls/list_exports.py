"""Address of what a draft of the control list would change for exports filed."""

from django.urls import URLPattern, path

from reporting.views import list_exports

urlpatterns: list[URLPattern] = [
    path("supervision/control-list/<int:list_id>/exports/", list_exports.list_exports, name="list_exports"),
]
