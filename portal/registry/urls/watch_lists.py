"""Watch lists, for those who keep them."""

from django.urls import path

from portal.registry.views import watch_lists

KEPT = "supervision/watch-lists/"

urlpatterns = [
    path(KEPT, watch_lists.watch_list, name="watch_list"),
    path(f"{KEPT}entries.csv", watch_lists.watch_file, name="watch_file"),
    path(f"{KEPT}add/", watch_lists.watch_add, name="watch_add"),
    path(f"{KEPT}import/", watch_lists.watch_import, name="watch_import"),
    path(f"{KEPT}<int:entry_id>/", watch_lists.watch_entry, name="watch_entry"),
    path(f"{KEPT}<int:entry_id>/change/", watch_lists.watch_change, name="watch_change"),
    path(f"{KEPT}<int:entry_id>/retire/", watch_lists.watch_retire, name="watch_retire"),
]
