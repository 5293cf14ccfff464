"""Addresses of the review of filings and of what was asked."""

from django.urls import URLPattern, path

from reporting.views import questions, review

urlpatterns: list[URLPattern] = [
    path("supervision/filings/", review.review_list, name="review_list"),
    path("supervision/filings/decide/", review.review_decide, name="review_decide"),
    path("supervision/filings/<int:filing_id>/", review.review_view, name="review_view"),
    path("supervision/filings/<int:filing_id>/start/", review.review_start, name="review_start"),
    path("supervision/filings/<int:filing_id>/assign/", review.review_assign, name="review_assign"),
    path("supervision/filings/<int:filing_id>/accept/", review.review_accept, name="review_accept"),
    path("supervision/filings/<int:filing_id>/return/", review.review_return, name="review_return"),
    path("supervision/filings/<int:filing_id>/ask/", review.review_ask, name="review_ask"),
    path("supervision/questions/", questions.asked_list, name="asked_list"),
    path("supervision/questions/<int:question_id>/", questions.asked_view, name="asked_view"),
    path("supervision/questions/<int:question_id>/again/", questions.asked_again, name="asked_again"),
    path("supervision/questions/<int:question_id>/close/", questions.asked_close, name="asked_close"),
]
