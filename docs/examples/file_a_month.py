#!/usr/bin/env python3
"""File a month from a CSV through the API of Lodestone. Needs Python 3.9 or later and nothing else.

    export LODESTONE_TOKEN=ls_…              # a preparer's token: scope filing.prepare
    export LODESTONE_CERTIFIER_TOKEN=ls_…    # a certifier's token: scope filing.sign (leave out to hand over only)
    python file_a_month.py --url https://lodestone.example --period 2026-05 lines.csv

The CSV has the columns of the data dictionary (kind, product, quantity_kg, …). Each fault is told with its row and
column; mend it in your books, or here: --mend /lines/3/quantity_kg=40.0 (the pointer is printed with the fault).
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid

TRIES = 6


class Refused(Exception):
    """The portal said no: a problem as RFC 9457 has it."""

    def __init__(self, problem):
        super().__init__(f"{problem['code']}: {problem['detail']}")
        self.problem = problem


class Portal:
    """The API with one token."""

    def __init__(self, url, token):
        self.base = url.rstrip("/") + "/api/v1/"
        self.token = token

    def call(self, method, path, body=None, **headers):
        """One call, repeated until it is answered. The same Idempotency-Key lets it act once, however often it is sent."""
        sent = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        if method == "POST":
            sent["Idempotency-Key"] = str(uuid.uuid4())
        sent.update({name.replace("_", "-"): value for name, value in headers.items()})
        data = None if body is None else json.dumps(body).encode()
        for attempt in range(TRIES):
            request = urllib.request.Request(self.base + path, data, sent, method=method)
            try:
                with urllib.request.urlopen(request, timeout=120) as answer:
                    return answer.status, answer.headers, json.loads(answer.read() or b"null")
            except urllib.error.HTTPError as error:
                problem = json.loads(error.read())
                again = error.code in (429, 503) or problem["code"] == "in_flight"
                if not again or attempt == TRIES - 1:
                    raise Refused(problem) from None
                wait = int(error.headers.get("Retry-After", 2**attempt))
            except (urllib.error.URLError, TimeoutError, ConnectionError):
                if attempt == TRIES - 1:
                    raise
                wait = 2**attempt
            time.sleep(wait)
        raise AssertionError("not reached")

    def finished(self, status, headers, body):
        """The draft: at once, or when the job that puts many lines in place is done."""
        while status == 202 or (body.get("state") in ("queued", "running")):
            time.sleep(int(headers.get("Retry-After", 2)))
            status, headers, body = self.call("GET", f"jobs/{body['id']}/")
        if "refusal" not in body:
            return headers, body
        if body["refusal"]:
            raise Refused(body["refusal"])
        _status, headers, body = self.call("GET", body["filing"].partition("/api/v1/")[2])
        return headers, body


def lines_of(path):
    """The rows of the CSV as JSON lines: decimals stay the strings that they are, empty cells are left out."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        rows = [{name: text for name, text in row.items() if text} for row in csv.DictReader(file)]
    for row in rows:
        if "line_no" in row:
            row["line_no"] = int(row["line_no"])
    return rows


def mend(lines, changes):
    """Put the new values where the pointers say."""
    for change in changes:
        pointer, _, value = change.partition("=")
        _root, _lines, number, column = pointer.split("/")
        lines[int(number)][column] = value


def tell(file, faults):
    """Each fault with the row and column of the CSV (row 1 is the header)."""
    for fault in faults:
        parts = fault["pointer"].split("/")
        row = int(parts[2]) + 2 if len(parts) > 2 else "-"
        column = parts[3] if len(parts) > 3 else "-"
        print(
            f"{file}:{row}:{column}: {fault['severity']} {fault['code']}: {fault['message']}  [{fault['pointer']}]"
        )


def prepared(portal, arguments, lines):
    """The draft with these lines, its warnings explained; None while errors stand."""
    headers, draft = portal.finished(
        *portal.call("POST", "filings/", {"period": arguments.period, "lines": lines})
    )
    tell(arguments.file, draft["faults"])
    if arguments.mend:
        mend(lines, arguments.mend)
        changed = portal.call("PUT", f"filings/{draft['id']}/", {"lines": lines}, If_Match=headers["ETag"])
        headers, draft = portal.finished(*changed)
        tell(arguments.file, draft["faults"])
    for fault in draft["faults"]:
        if fault["severity"] == "warning" and not fault["explained"] and arguments.explain:
            said = {"code": fault["code"], "subject": fault["subject"], "text": arguments.explain}
            _status, headers, draft = portal.call("POST", f"filings/{draft['id']}/explanations/", said)
    counts = draft["fault_counts"]
    return None if counts["error"] or counts["unexplained"] else (headers["ETag"], draft)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file")
    parser.add_argument("--url", default="http://localhost:8000")
    parser.add_argument("--period", required=True, metavar="YYYY-MM")
    parser.add_argument("--mend", action="append", default=[], metavar="POINTER=VALUE")
    parser.add_argument(
        "--explain", default="", metavar="TEXT", help="why the warnings are right as they stand"
    )
    arguments = parser.parse_args()
    preparer = Portal(arguments.url, os.environ["LODESTONE_TOKEN"])
    certifying = os.environ.get("LODESTONE_CERTIFIER_TOKEN")
    try:
        ready = prepared(preparer, arguments, lines_of(arguments.file))
        if ready is None:
            print("Nothing was handed over: mend the errors and explain the warnings first.")
            return 1
        tag, draft = ready
        _status, headers, draft = preparer.call("POST", f"filings/{draft['id']}/hand-over/", {}, If_Match=tag)
        print(f"{draft['period']} version {draft['version']} waits for the certifier.")
        if certifying:
            certifier = Portal(arguments.url, certifying)
            path = f"filings/{draft['id']}/submit/"
            _status, _headers, receipt = certifier.call("POST", path, {}, If_Match=headers["ETag"])
            print(json.dumps(receipt, indent=2))
    except Refused as refused:
        print(refused, file=sys.stderr)
        for place in refused.problem.get("errors", []):
            print(f"  {place['pointer']}: {place['code']}: {place['message']}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
