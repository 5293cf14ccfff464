"""Addresses of the control list, for everybody and for the administrator who keeps it, and of the checker."""

from __future__ import annotations

from django.urls import URLPattern, path

from licensing.views import checker, control_list, list_rows, list_versions

KEPT = "supervision/control-list/"

urlpatterns: list[URLPattern] = [
    path("control-list/", control_list.control_list, name="control_list"),
    path("control-list/entries.csv", control_list.control_list_file, name="control_list_file"),
    path("control-list/<str:control_code>/", control_list.control_entry, name="control_entry"),
    path("classify/", checker.checker, name="classify"),
    path("products/<int:product_id>/control/", checker.product_control, name="product_control"),
    path(KEPT, list_versions.version_list, name="list_versions"),
    path(f"{KEPT}begin/", list_versions.begin, name="list_begin"),
    path(f"{KEPT}<int:list_id>/", list_versions.version_view, name="list_version"),
    path(f"{KEPT}<int:list_id>/impact/", list_versions.version_impact, name="list_impact"),
    path(f"{KEPT}<int:list_id>/upload/", list_versions.version_upload, name="list_upload"),
    path(f"{KEPT}<int:list_id>/publish/", list_versions.version_publish, name="list_publish"),
    path(f"{KEPT}<int:list_id>/discard/", list_versions.version_discard, name="list_discard"),
    path(f"{KEPT}<int:list_id>/entries.csv", list_versions.version_file, {"kind": "csv"}, name="list_csv"),
    path(f"{KEPT}<int:list_id>/entries.xlsx", list_versions.version_file, {"kind": "xlsx"}, name="list_xlsx"),
    path(f"{KEPT}<int:list_id>/<slug:table>/add/", list_rows.row_add, name="list_row_add"),
    path(f"{KEPT}<int:list_id>/<slug:table>/<int:row_id>/", list_rows.row_edit, name="list_row_edit"),
    path(
        f"{KEPT}<int:list_id>/<slug:table>/<int:row_id>/remove/", list_rows.row_remove, name="list_row_remove"
    ),
]
