"""Addresses of the calendar and of extensions."""

from django.urls import URLPattern, path

from reporting.views import obligations

urlpatterns: list[URLPattern] = [
    path("calendar/", obligations.own_calendar, name="own_calendar"),
    path("calendar/renew/", obligations.calendar_renew, name="calendar_renew"),
    path("calendar/off/", obligations.calendar_off, name="calendar_off"),
    path("calendar/<str:key>.ics", obligations.calendar_feed, name="calendar_feed"),
    path("extensions/", obligations.own_extensions, name="own_extensions"),
    path("supervision/extensions/", obligations.extension_list, name="extension_list"),
    path("supervision/extensions/for-all/", obligations.extension_grant_all, name="extension_grant_all"),
    path("supervision/extensions/<int:extension_id>/", obligations.extension_decide, name="extension_decide"),
]
