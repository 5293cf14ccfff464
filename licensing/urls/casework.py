"""Addresses of the office's casework."""

from django.urls import URLPattern, path

from licensing.views import casework, decisions, licences, likenesses, rejudgements, routing_rules

ONE = "casework/<int:application_id>/"

urlpatterns: list[URLPattern] = [
    path("casework/", casework.case_list, name="case_list"),
    path("casework/statistics/", casework.case_statistics, name="case_statistics"),
    path("casework/judged-again/", rejudgements.judged_again, name="judged_again"),
    path("casework/rules/", routing_rules.case_rules, name="case_rules"),
    path("casework/new-rule/", routing_rules.rule_add, name="rule_add"),
    path("casework/rules/<slug:rule_code>/", routing_rules.rule_view, name="rule_view"),
    path("casework/rules/<slug:rule_code>/change/", routing_rules.rule_change, name="rule_change"),
    path("casework/rules/<slug:rule_code>/end/", routing_rules.rule_end, name="rule_end"),
    path("casework/new-queue/", routing_rules.queue_add, name="queue_add"),
    path("casework/queues/<slug:queue_code>/", routing_rules.queue_change, name="queue_change"),
    path("supervision/licences/", licences.office_licence_list, name="office_licence_list"),
    path("supervision/licences/<int:licence_id>/", licences.office_licence_view, name="office_licence_view"),
    path("supervision/licences/<int:licence_id>/order/", licences.licence_order, name="licence_order"),
    path("casework/requests/<int:request_id>/", casework.case_request, name="case_request"),
    path("casework/likenesses/", likenesses.likeness_list, name="likeness_list"),
    path("casework/licence-hits/<int:licence_hit_id>/", likenesses.licence_hit, name="licence_hit"),
    path("casework/hits/<int:hit_id>/", casework.case_hit, name="case_hit"),
    path(ONE, casework.case_view, name="case_view"),
    path(f"{ONE}accept/", casework.case_accept, name="case_accept"),
    path(f"{ONE}review/", casework.case_review, name="case_review"),
    path(f"{ONE}assign/", casework.case_assign, name="case_assign"),
    path(f"{ONE}close/", casework.case_close, name="case_close"),
    path(f"{ONE}ask/", casework.case_ask, name="case_ask"),
    path(f"{ONE}advise/", casework.case_advise, name="case_advise"),
    path(f"{ONE}evidence/", casework.case_evidence, name="case_evidence"),
    path(f"{ONE}flags/<int:flag_id>/", casework.case_flag, name="case_flag"),
    path(f"{ONE}recommend/", decisions.case_recommend, name="case_recommend"),
    path(f"{ONE}decide/", decisions.case_decide, name="case_decide"),
]
