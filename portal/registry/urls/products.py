"""An organisation's own products."""

from django.urls import path

from portal.registry.views import products

urlpatterns = [
    path("products/", products.product_list, name="product_list"),
    path("products/add/", products.product_add, name="product_add"),
    path("products/<int:product_id>/", products.product_view, name="product_view"),
    path("products/<int:product_id>/edit/", products.product_edit, name="product_edit"),
    path("products/<int:product_id>/retire/", products.product_retire, name="product_retire"),
]
