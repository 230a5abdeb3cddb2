"""The morning report by the real program: what it says in each form, its figures, and that it arrives by mail and by webhook."""
import base64
import csv
import datetime
import email
import email.policy
import hashlib
import html.parser
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import unittest

import payloads
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from installation import ROOT, run, until
from connector_life_test import NAME
from register_test import UnixConnection
from report_receivers import PASSWORD, USER, Mailbox, Receiver, certificate, server_context
from sync_run_test import SyncCase

RULES = ROOT / "docs/operating/prometheus"


def zone_where_it_is_ten():
    """So that a run now belongs to today's night, and what is sent at midnight is due."""
    offset = 10 - datetime.datetime.now(datetime.timezone.utc).hour
    offset = offset if offset >= -12 else offset + 24
    return f"Etc/GMT{-offset:+d}", datetime.timezone(datetime.timedelta(hours=offset))


class Page(html.parser.HTMLParser):
    """Tags, attributes and texts of a page; open elements at its end."""
    VOID = {"meta", "br", "rect", "line"}

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.texts, self.open = set(), [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes += attributes
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes += attributes

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        self.texts.append(data)


class ReportCase(SyncCase):
    @classmethod
    def make(cls, **settings):
        zone, cls.zone = zone_where_it_is_ten()
        return super().make(report__zone=zone, report__language="en", **settings)

    def morning(self, *more, code=0):
        result = self.caseway("sync", "morning", *more, ok=False)
        self.assertEqual(code, result.returncode, result)
        return (result.stdout or result.stderr).decode()

    def report(self, code=0):
        return json.loads(self.morning("--json", code=code))

    def asked(self, path):
        connection = UnixConnection(self.gateway.data / "admin.sock")
        self.addCleanup(connection.close)
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.headers["Content-Type"], response.read().decode()

    @staticmethod
    def only(report):
        (department,) = report["departments"]
        (connector,) = department["connectors"]
        return connector


class WaitingFiles(ReportCase):
    def test_a_file_without_its_marker_is_told_until_it_comes(self):
        self.change("connector", "add", NAME, self.document(marker="{name}.ok"))
        self.offer("a.json", payloads.as_json(payloads.case("m-1")))
        self.offer("a.json.ok", b"")
        self.assertTrue(self.change("connector", "test", NAME)["test"]["good"])
        self.change("connector", "activate", NAME)
        self.offer("b.json", payloads.as_json(payloads.case("m-2")))
        old = datetime.datetime.now().timestamp() - 3 * 86400
        os.utime(self.exchange / "out" / "b.json", (old, old))
        run = self.run_now()
        self.assertEqual((1, 1), (run["counts"]["payloads"], run["waiting"]["count"]), run)
        self.assertIn("files waiting 1, the oldest since ", self.caseway("sync", "show", str(run["number"])).stderr.decode())
        self.assertEqual(1, self.gateway.metric(f'caseway_connector_files_waiting{{connector="{NAME}"}}'))
        one = self.only(self.report())
        self.assertEqual(1, one["waiting"]["count"], one)
        self.assertIn("1 file waits to be ready, since", self.morning())
        self.offer("b.json.ok", b"")
        self.assertNotIn("waiting", self.run_now())
        self.assertNotIn("wait to be ready", self.morning())


class DoubledNumbers(ReportCase):
    def test_two_records_of_one_number_that_say_otherwise_are_told(self):
        self.goes_live()
        self.run_now()
        self.offer("b.json", payloads.as_json(payloads.case("m-1000", title="one"), payloads.case("m-2"), payloads.case("m-1000", title="two")))
        run = self.run_now()
        self.assertEqual(("done", 1, "m***0 (6)"), (run["state"], run["counts"]["doubled"], run["doubled_such"]), run)
        self.adds_up(run, new=2, changed=1)
        shown = self.caseway("sync", "show", str(run["number"])).stderr.decode()
        self.assertIn("doubled       1 record says otherwise than another one of its number in this run", shown)
        self.assertIn("such as m***0 (6)", shown)
        one = self.only(self.report())
        self.assertEqual((1, "m***0 (6)"), (one["counts"]["doubled"], one["doubled_such"]), one)
        (row,) = csv.DictReader(io.StringIO(self.morning("--csv", "-").removeprefix("\ufeff")))
        self.assertEqual(("1", "m***0 (6)"), (row["records_doubled"], row["records_doubled_such"]))
        self.assertIn("records that say otherwise than another one of their number, neither newer: 1 / 4 (such as m***0 (6))", self.morning())
        self.assertIn("同一编号重复且内容不同、分不出先后的记录: 1 / 4", self.morning("--html", "-", "--language", "zh"))
        self.assertEqual(1, self.gateway.metric(f'caseway_run_records_doubled_total{{connector="{NAME}"}}'))
        self.assertEqual(0, self.gateway.metric(f'caseway_connector_running{{connector="{NAME}"}}'))
        self.log_is_good()


class Reports(ReportCase):
    def test_a_night_in_all_its_forms_and_figures(self):
        self.change("department", "add", "housing", "--code", "11350200004135017C", "--name", "=住房<script>alert(1)</script>")
        self.goes_live()  # a.json lies there
        one = self.only(self.report())
        self.assertEqual(("on_demand", []), (one["state"], one["runs"]))
        self.run_now()
        self.assertEqual([], self.only(self.report())["drift"], "the first run is what others are held against")
        self.offer("b.json", payloads.as_json(payloads.case("m-2", state="done", inspector="x"), payloads.case("m-3", state="lost"),
                                              payloads.case("m-4", state="gone")))
        self.offer("c.json", b"<html>the source is down for maintenance</html>")
        self.run_now(ok=False)  # partial: a payload was refused
        line = [line for line in self.gateway.log_lines() if line["event"] == "run"][-1]
        self.assertEqual(("warning", "3", "2", "1"), tuple(line[name] for name in ("level", "records", "refused", "payloads_refused")))
        one = self.only(self.report(code=1))
        self.assertEqual(("partial", [1, 2], 1), (one["state"], one["runs"], one["done"]))
        self.assertEqual("payload_refused", one["trouble"]["code"])
        counts = one["counts"]
        self.assertEqual((4, 2, 2, 1), (counts["read"], counts["new"], counts["refused"], counts["payloads_refused"]))
        self.assertEqual([("code", "status=90", 2), ("field", "/cases/inspector", 2)],
                         sorted((item["kind"], item["name"], item["run"]) for item in one["drift"]))
        rules = {rule["code"]: rule for rule in one["refusals"]}
        self.assertEqual(2, rules["code_unknown"]["count"], rules)
        example = rules["code_unknown"]["examples"][0]
        self.assertEqual(("b.json", 2, "l***t (4)"), (example["payload"], example["record"], example["value"]))
        self.assertIn("codes", example["hint"])
        self.assertIn("code_unknown", self.caseway("message", "show", example["message"]).stderr.decode())
        self.assertEqual(datetime.datetime.fromisoformat("2026-05-04T08:30:00+08:00"), datetime.datetime.fromisoformat(one["newest"]))
        today = datetime.datetime.now(self.zone).date().isoformat()
        self.pages(today)
        self.figures()

    def pages(self, today):
        status, kind, page = self.asked(f"/admin/v1/reports/{today}?language=zh")
        self.assertEqual((200, "text/html; charset=utf-8"), (status, kind))
        read = Page(page)
        self.assertEqual([], read.open)
        self.assertNotIn("script", read.tags)
        self.assertFalse([name for name, _ in read.attributes if name in ("src", "href", "onload", "xlink:href")])
        self.assertIn("svg", read.tags)
        self.assertTrue(any("<script>alert(1)</script>" in text for text in read.texts), "shown as it was given")
        self.assertTrue(any("数据同步晨报" in text for text in read.texts))
        status, kind, table = self.asked("/admin/v1/reports/latest?format=csv")
        (row,) = csv.DictReader(io.StringIO(table.lstrip("\ufeff")))
        self.assertEqual((today, "'=住房<script>alert(1)</script>", "4", "2"), (row["night"], row["title"], row["read"], row["refused"]))
        self.assertEqual(json.loads(self.asked("/admin/v1/reports/latest?format=json")[2])["departments"], self.report(code=1)["departments"])
        for wrong in ("2026-02-30", "latest?format=pdf", "latest?language=fr", "latest?format=csv&format=json", "..%2F..%2Fetc"):
            status, kind, _ = self.asked(f"/admin/v1/reports/{wrong}")
            self.assertEqual((400, "application/problem+json"), (status, kind), wrong)
        file = self.gateway.folder / "report.html"
        self.morning("--html", file, code=1)
        self.assertEqual([], Page(file.read_text()).open)
        self.assertIn("Nothing:", self.morning("--night", "2020-01-01"))
        self.assertEqual(2, self.caseway("sync", "morning", "--json", "--html", "-", ok=False).returncode)
        self.assertEqual(2, self.caseway("sync", "morning", "--csv", "-", "--html", "-", ok=False).returncode)
        self.assertEqual(2, self.caseway("sync", "morning", "--night", "yesterday", ok=False).returncode)
        to_come = self.caseway("sync", "morning", "--night", "2099-01-01", ok=False)
        self.assertEqual(2, to_come.returncode, to_come)
        self.assertIn("2099-01-01: a night that has begun", to_come.stderr.decode())
        self.assertEqual(400, self.asked("/admin/v1/reports/2099-01-01")[0])

    def figures(self):
        metric = lambda name, **labels: self.gateway.metric(  # noqa: E731
            name + "{" + ",".join(f'{key}="{value}"' for key, value in [("connector", NAME), *labels.items()]) + "}")
        self.assertEqual(1, metric("caseway_connector_last_run", state="partial"))
        self.assertEqual(0, metric("caseway_connector_last_run", state="stopped"))
        self.assertEqual((1, 1), (metric("caseway_runs_total", state="done"), metric("caseway_runs_total", state="partial")))
        self.assertEqual((1, 0, 0), tuple(metric("caseway_connector_night", state=state) for state in ("partial", "absent", "on_time")))
        self.assertEqual(0, metric("caseway_connector_volume_jumped"))
        self.assertEqual(0, metric("caseway_sync_circuit_open"))
        self.assertEqual(2, metric("caseway_run_records_total", outcome="new"))
        self.assertEqual(1, metric("caseway_run_payloads_refused_total"))
        self.assertEqual(2, metric("caseway_connector_drift"))
        self.assertEqual(0, metric("caseway_connector_overdue"))
        self.assertGreater(metric("caseway_connector_last_good_run_timestamp_seconds"), 1.7e9)
        self.assertEqual(2, self.gateway.metric('caseway_run_refusals_total{code="code_unknown"}'))
        documented = set(re.findall(r"`(caseway_\w+)", (ROOT / "docs/operating/morning-report.md").read_text()))
        served = set(re.findall(r"^# TYPE (caseway_\w+)", self.gateway.health("/metrics")[1], re.M))
        self.assertEqual(set(), {name for name in served if re.match("caseway_(run|connector|report|sync)", name)} - documented)
        self.assertEqual(set(), documented - served)


class Sending(ReportCase):
    STARTED = False

    @classmethod
    def make(cls, **settings):
        gateway = super().make(**settings)
        cls.cert, key = certificate(gateway.folder)
        cls.context = server_context(cls.cert, key)
        return gateway

    def sends(self, **settings):
        """Configured so, and with nothing sent yet."""
        database = sqlite3.connect(self.gateway.data / "caseway.db")
        if database.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'report_note'").fetchone()[0]:
            database.execute("DELETE FROM report_note")
            database.commit()
        database.close()
        zone, _ = zone_where_it_is_ten()
        self.common = {"report__zone": zone, "report__language": "en", "report__send_at": "00:00"}
        self.gateway.configure(**self.common, **settings)

    def registers_the_center(self):
        """Its department, unless another test of the class did, and the secret for the mail server."""
        self.gateway.caseway("department", "add", "center", "--code", "11440232MB2D06811W", "--name", "中心", ok=False)
        self.gateway.caseway("secret", "set", "center/mail", data=PASSWORD.encode())

    def mails_to(self, box, scheme="smtp", **more):
        return {"report__mail_server": f"{scheme}://localhost:{box.port}", "report__mail_from": "gateway@center.example",
                "report__mail_to": "duty@center.example, head@center.example", "report__mail_authorities": self.cert,
                "report__mail_user": USER, "report__mail_password": "store:mail", **more}

    def posts_to(self, receiver, **more):
        return {"report__webhook": f"https://localhost:{receiver.port}/reports?from=center", "report__webhook_authorities": self.cert,
                "connectors__destinations": f"center=localhost:{receiver.port}", **more}

    def doctor(self):
        return self.caseway("doctor", ok=False).stderr.decode()

    def test_by_mail_over_starttls_once(self):
        box = Mailbox(self.context)
        self.addCleanup(box.close)
        self.registers_the_center()
        self.sends(**self.mails_to(box))
        self.gateway.start()
        self.addCleanup(self.gateway.kill)
        until(lambda: box.mails, "the mail")
        envelope, is_tls = box.mails[0]
        self.assertTrue(is_tls)
        self.assertEqual(["duty@center.example", "head@center.example"], envelope.rcpt_tos)
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.assertEqual("gateway@center.example", mail["From"])
        self.assertRegex(mail["Subject"], r"^Caseway center/gateway \d{4}-\d\d-\d\d: ")
        self.assertEqual("auto-generated", mail["Auto-Submitted"])
        self.assertRegex(mail["Message-ID"], r"^<caseway-report\.[0-9-]+\.center\.gateway@center\.example>$")
        self.assertEqual("multipart/alternative", mail.get_payload()[0].get_content_type() if mail.get_content_type() == "multipart/mixed"
                         else mail.get_content_type())
        self.assertIn("Morning report", mail.get_body(("plain",)).get_content())
        self.assertEqual([], Page(mail.get_body(("html",)).get_content()).open)
        self.assertGreater(until(lambda: self.gateway.metric('caseway_report_last_sent_timestamp_seconds{way="mail"}'), "the figure"), 1.7e9)
        self.assertIn("sent by mail", self.doctor())
        self.gateway.stop()
        receiver = Receiver(self.context)
        self.addCleanup(receiver.close)
        self.gateway.configure(**self.common, **self.mails_to(box), **self.posts_to(receiver))
        self.gateway.start()
        until(lambda: receiver.posts, "the report by webhook: the turn of the mail is over then")
        self.assertEqual(1, len(box.mails), "a restart sends nothing twice")
        self.assertNotIn(PASSWORD, self.gateway.stderr())

    def test_a_recipient_who_is_refused_keeps_it_from_nobody_and_is_named(self):
        box = Mailbox(self.context, refuses={"gone@center.example"})
        self.addCleanup(box.close)
        self.registers_the_center()
        self.sends(**self.mails_to(box, report__mail_to="duty@center.example, gone@center.example, head@center.example"))
        self.gateway.start()
        self.addCleanup(self.gateway.kill)
        until(lambda: box.mails, "the mail")
        self.assertEqual(["duty@center.example", "head@center.example"], box.mails[0][0].rcpt_tos)
        until(lambda: "sent by mail" in self.doctor(), "doctor")
        self.assertIn("gone@center.example: 550 5.1.1 no such user here", self.doctor())
        self.assertNotIn("head@center.example:", self.doctor())
        self.assertIn("report_refused_for_some", self.gateway.stderr())
        self.assertEqual(0, self.gateway.metric('caseway_report_attempts_failed{way="mail"}'))
        self.gateway.stop()
        none = Mailbox(self.context, refuses={"gone@center.example"})
        self.addCleanup(none.close)
        self.sends(**self.mails_to(none, report__mail_to="gone@center.example"))
        self.gateway.start()
        until(lambda: self.gateway.metric('caseway_report_attempts_failed{way="mail"}') == 1, "refused for all: it is tried again")
        self.assertEqual([], none.mails)

    def test_nothing_goes_to_a_server_without_tls_or_with_another_certificate(self):
        plain = Mailbox()
        self.addCleanup(plain.close)
        other = Mailbox(self.context)
        self.addCleanup(other.close)
        for settings in (self.mails_to(plain), self.mails_to(other, report__mail_authorities=self.gateway.data / "tls/server.pem")):
            self.sends(**settings)
            self.gateway.start()
            until(lambda: self.gateway.metric('caseway_report_attempts_failed{way="mail"}') == 1, "the attempt")
            self.assertEqual(0, self.gateway.metric('caseway_report_last_sent_timestamp_seconds{way="mail"}'), "from the start on")
            until(lambda: "not sent by mail" in self.doctor(), "doctor")
            self.gateway.stop()
        self.assertEqual([], plain.mails + other.mails)

    def test_by_webhook_signed_by_the_logs_key_and_again_after_a_failure(self):
        receiver = Receiver(self.context, failures=1)
        self.addCleanup(receiver.close)
        self.sends(**self.posts_to(receiver))
        self.gateway.start()
        self.addCleanup(self.gateway.kill)
        until(lambda: self.gateway.metric('caseway_report_attempts_failed{way="webhook"}') == 1, "the failure")
        until(lambda: "not sent by webhook" in self.doctor(), "doctor")
        # Who looks here sees it too: it is the page of which nobody got a mail.
        (unsent,) = json.loads(self.caseway("sync", "morning", "--json", ok=False).stdout)["unsent"]
        self.assertEqual(("webhook", 1), (unsent["way"], unsent["attempts"]))
        self.assertIn("(webhook)", self.caseway("sync", "morning", "--html", "-", ok=False).stdout.decode())
        self.assertIn("not sent by webhook, 1 attempt:", self.caseway("sync", "status").stderr.decode())
        self.assertEqual([unsent], json.loads(self.asked("/admin/v1/reports/latest?format=json")[2])["unsent"])
        for send_at, expected in (("", []), ("00:00", [unsent])):  # where none is to be sent, nobody waits for it
            self.gateway.configure(**{**self.common, "report__send_at": send_at}, **self.posts_to(receiver))
            self.assertEqual(expected, json.loads(self.caseway("sync", "morning", "--json", ok=False).stdout)["unsent"], send_at)
        self.gateway.stop()
        self.gateway.start()  # waits between attempts are not kept
        until(lambda: len(receiver.posts) == 2, "the report, again")
        until(lambda: self.gateway.metric('caseway_report_attempts_failed{way="webhook"}') == 0, "its acceptance")
        self.assertEqual([], json.loads(self.caseway("sync", "morning", "--json", ok=False).stdout)["unsent"])
        self.assertEqual(receiver.posts[0][0], receiver.posts[1][0])
        path, fields, body = receiver.posts[1]
        self.assertEqual(("/reports?from=center", "application/json"), (path, fields["Content-Type"]))
        report = json.loads(body)
        self.assertEqual("center/gateway", report["gateway"])
        digest = "sha-256=:" + base64.b64encode(hashlib.sha256(body).digest()).decode() + ":"
        self.assertEqual(digest, fields["Content-Digest"])
        parameters = fields["Signature-Input"].partition("=")[2]
        name, key_id, key = (self.gateway.log_key).read_text().strip().split("+", 2)
        self.assertIn(f'keyid="{name}+{key_id}"', parameters)
        base = (f'"@method": POST\n"@authority": localhost:{receiver.port}\n"@path": /reports\n"@query": ?from=center\n'
                f'"content-type": application/json\n"content-digest": {digest}\n"@signature-params": {parameters}')
        signature = base64.b64decode(fields["Signature"].split(":")[1])
        Ed25519PublicKey.from_public_bytes(base64.b64decode(key)[1:]).verify(signature, base.encode())
        until(lambda: "sent by webhook" in self.doctor(), "doctor")

    def test_a_webhook_that_connectors_may_not_reach_is_not_reached(self):
        receiver = Receiver(self.context)
        self.addCleanup(receiver.close)
        self.sends(report__webhook=f"https://localhost:{receiver.port}/", report__webhook_authorities=self.cert)
        self.gateway.start()
        self.addCleanup(self.gateway.kill)
        until(lambda: self.gateway.metric('caseway_report_attempts_failed{way="webhook"}') == 1, "the attempt")
        self.assertEqual([], receiver.posts)
        self.assertIn("destination_not_allowed", self.doctor())


class AlertRules(unittest.TestCase):
    """By Prometheus's own tool, where it is there."""
    TOOL = os.environ.get("CASEWAY_PROMTOOL") or shutil.which("promtool")

    def setUp(self):
        if not self.TOOL:
            self.skipTest("no promtool here (Debian package prometheus): 2 tests of the alert rules skipped")

    def promtool(self, *arguments):
        result = subprocess.run([self.TOOL, *arguments], cwd=RULES, capture_output=True, text=True, check=False)
        self.assertEqual(0, result.returncode, result.stdout + result.stderr)

    def test_are_rules(self):
        self.promtool("check", "rules", "caseway.rules.yml")

    def test_fire_when_they_should(self):
        self.promtool("test", "rules", "caseway.rules.test.yml")


if __name__ == "__main__":
    unittest.main()
