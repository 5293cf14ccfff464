"""Addresses of questions, as the organisation that is asked sees them."""

from django.urls import URLPattern, path

from portal.contact.views import questions

urlpatterns: list[URLPattern] = [
    path("questions/", questions.question_list, name="question_list"),
    path("questions/<int:question_id>/", questions.question_view, name="question_view"),
]
