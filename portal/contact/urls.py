"""Addresses of questions, as the organisation that is asked sees them, and of webhooks."""

from django.urls import URLPattern, path

from portal.contact.views import questions, webhooks

urlpatterns: list[URLPattern] = [
    path("questions/", questions.question_list, name="question_list"),
    path("questions/<int:question_id>/", questions.question_view, name="question_view"),
    path("webhooks/", webhooks.webhook_list, name="webhook_list"),
    path("webhooks/<int:webhook_id>/", webhooks.webhook_page, name="webhook_page"),
    path("webhooks/<int:webhook_id>/secret/", webhooks.webhook_secret, name="webhook_secret"),
    path("webhooks/<int:webhook_id>/pause/", webhooks.webhook_pause, name="webhook_pause"),
    path("webhooks/<int:webhook_id>/resume/", webhooks.webhook_resume, name="webhook_resume"),
    path("webhooks/<int:webhook_id>/test/", webhooks.webhook_test, name="webhook_test"),
    path("webhooks/<int:webhook_id>/remove/", webhooks.webhook_remove, name="webhook_remove"),
    path("webhooks/<int:webhook_id>/restore/", webhooks.webhook_restore, name="webhook_restore"),
    path(
        "webhooks/<int:webhook_id>/messages/<int:message_id>/again/",
        webhooks.webhook_send_again,
        name="webhook_send_again",
    ),
]
