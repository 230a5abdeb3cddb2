"""Reading: a department sees its own, a grant opens more, checkpoint and tiles are open, entry bundles are the auditor's."""
import base64
import hashlib
import signal
import time
import unittest

import payloads
import signing
from client import Client, send
from gateway_case import HOUSING, GatewayCase
from installation import until, System

ONE = payloads.case


class Reading(GatewayCase):
    @classmethod
    def make(cls, **settings):
        gateway = super().make(**settings)
        gateway.register("supervision/eye", "11350200004135888Y", may_read=["housing"])
        gateway.register("audit/office", "11350200004135777Z", auditor=True)
        gateway.register("housing/expired", HOUSING, expired=True)
        (gateway.data / "mappings" / "wordy_json").mkdir()
        (gateway.data / "mappings" / "wordy_json" / "mapping.yaml").write_text(
            'mapping: wordy.json\nsource: {format: json, records: "$.cases[*]"}\nfields: {source_case_no: no, extra.note: note}\n')
        gateway.register("wordy/system", "11350200004135666W", mappings=("wordy.json",))
        return gateway

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.house_message = signing.json_message(cls.housing, payloads.as_json(*(ONE(f"h-{n}", case_no=f"35020026-{n}") for n in range(5))))
        cls.health_message = signing.json_message(cls.health, payloads.as_json(*(ONE(f"m-{n}") for n in range(3))))
        for message in (cls.house_message, cls.health_message):
            assert send(cls.gateway, message).status == 200

    def test_cases_of_the_own_department_only(self):
        mine = self.reader(self.housing).get("/v1/cases").json["cases"]
        self.assertEqual([f"35020026-{n}" for n in range(5)], [one["case_no"] for one in mine])
        for path in ("/v1/cases", "/v1/changes", f"/v1/messages/{self.house_message.id}", f"/v1/cases/{mine[0]['case_no']}"):
            answer = self.reader(self.housing).get(path)
            self.assertEqual((200, "no-store"), (answer.status, answer.fields["Cache-Control"]), path)
        self.assertEqual("no-store", self.send(self.house_message).fields["Cache-Control"])
        theirs = self.reader(self.health).get("/v1/cases").json["cases"]
        self.assertEqual([f"m-{n}" for n in range(3)], [one["record"]["source_case_no"] for one in theirs])

    def test_pages_hold_every_case_once(self):
        reader, seen, path = self.reader(self.housing), [], "/v1/cases?limit=2"
        while path:
            page = reader.get(path).json
            seen += [one["case_no"] for one in page["cases"]]
            path = f"/v1/cases?limit=2&after={page['next']}" if "next" in page else None
        self.assertEqual([f"35020026-{n}" for n in range(5)], seen)

    def test_a_page_ends_at_a_megabyte_and_its_next_leads_on(self):
        wordy = self.gateway.systems["wordy/system"]
        rows = [{"no": f"w-{n}", "note": "w" * 60000} for n in range(50)]
        for n in range(0, 50, 10):
            self.taken(signing.json_message(wordy, payloads.as_json(*rows[n:n + 10]), head=signing.header(wordy, "wordy.json")))
        reader = self.reader(wordy)
        for path, members, number in (("/v1/cases", "cases", lambda one: one["record"]["source_case_no"]),
                                      ("/v1/changes", "changes", lambda one: one["patch"]["source_case_no"])):
            seen, after, pages = [], 0, 0
            with self.subTest(path=path):
                while after is not None:
                    answer = reader.get(f"{path}?limit=1000&after={after}")
                    self.assertLess(len(answer.body), 1024 * 1024 + 200000)
                    seen += [number(one) for one in answer.json[members]]
                    pages += 1
                    after = answer.json.get("next") if answer.json[members] else None
                self.assertEqual([f"w-{n}" for n in range(50)], seen)
                self.assertGreaterEqual(pages, 3)

    def test_filters(self):
        reader = self.reader(self.housing)
        self.assertEqual(["35020026-3"], [one["case_no"] for one in reader.get("/v1/cases?source_case_no=h-3").json["cases"]])
        self.assertEqual([], reader.get("/v1/cases?status=90").json["cases"])
        for wrong in ("limit=0", "limit=x", "limit=100000", "nothing=1", "after=-1", "status=1&status=2", "zhangsan=1", "status=11", "status=", "status=10,20",
                      "source_case_no=", "source_case_no", "source_case_no=%ff", "source_case_no=" + 51 * "h"):
            with self.subTest(query=wrong):
                answer = reader.get("/v1/cases?" + wrong)
                self.assertEqual((400, "bad_parameter"), (answer.status, answer.json["code"]))
                self.assertNotIn(b"zhangsan", answer.body)

    def test_a_refused_message_that_left_its_id_free_is_read_by_that_id(self):
        head = signing.header(self.housing, "permits.json", receiver="other/gateway")
        body = payloads.as_json(ONE("h-0", case_no="35020026-0"))  # repeats a case: nobody else here sees it
        wrong = send(self.gateway, signing.json_message(self.housing, body, head=head)).json
        path = "/v1/messages/" + head["message_id"]

        def read(system):
            return self.reader(system).get(path)
        first = read(self.housing)
        self.assertEqual((200, "refused", ["wrong_receiver"]), (first.status, first.json["outcome"], [one["code"] for one in first.json["refusals"]]))
        self.assertEqual(wrong["receipt"], first.json["receipt"])
        self.assertEqual(head["message_id"], first.json["message_id"])
        self.assertEqual(404, read(self.health).status, "of another department")
        self.assertEqual(200, read(self.gateway.systems["supervision/eye"]).status, "may read the department")
        head = {**head, "receiver": "center/gateway", "sent_at": signing.timestamp(-8 * 24)}
        send(self.gateway, signing.json_message(self.housing, body, head=head))
        self.assertEqual(["sent_at_too_old"], [one["code"] for one in read(self.housing).json["refusals"]], "the newest")
        head["sent_at"] = signing.timestamp()
        self.assertEqual(200, send(self.gateway, signing.json_message(self.housing, body, head=head)).status)
        self.assertEqual("accepted", read(self.housing).json["outcome"])
        send(self.gateway, signing.json_message(self.housing, body + b" ", head={**head, "receiver": "other/gateway"}))
        self.assertEqual("accepted", read(self.housing).json["outcome"], "the one that keeps the id")

    def test_one_case_tells_which_message_set_what(self):
        answer = self.reader(self.housing).get("/v1/cases/35020026-1")
        self.assertEqual(200, answer.status)
        self.assertIn("permit h-1", answer.body.decode())
        self.assertIn(self.house_message.id, answer.body.decode())

    def test_the_operating_log_tells_who_read_what(self):
        before = len(self.reads())
        own, other = self.reader(self.housing), self.reader(self.health)
        listed = own.get("/v1/cases?limit=2").json["cases"]
        no = listed[0]["case_no"]
        own.get(f"/v1/cases/{no}")
        fed = own.get("/v1/changes?limit=3").json["changes"]
        other.get(f"/v1/cases/{no}")
        Client(self.gateway).get(f"/v1/cases/{no}")  # nobody: nothing was shown
        expected = [("housing/permits", "cases", "200", "2", no, listed[1]["case_no"]), ("housing/permits", "case", "200", "1", no, no),
                    ("housing/permits", "changes", "200", "3", str(fed[0]["number"]), str(fed[2]["number"])),
                    ("health/licences", "case", "404", "0", None, None)]
        told = until(lambda: len(self.reads()) >= before + 4 and self.reads()[before:], "the lines are written")
        self.assertEqual(expected, [tuple(line.get(key) for key in ("system", "what", "status", "shown", "first", "last")) for line in told])

    def reads(self):
        return [line for line in self.gateway.log_lines() if line["event"] == "read"]

    def test_case_of_others_is_as_if_it_were_not_there(self):
        foreign = self.reader(self.health).get("/v1/cases/35020026-1")
        nothing = self.reader(self.health).get("/v1/cases/35020026-99")
        self.assertEqual((404, nothing.body), (foreign.status, foreign.body))

    def test_changes_of_the_own_department_in_order(self):
        feed = self.reader(self.health).get("/v1/changes?after=0").json
        self.assertEqual([f"m-{n}" for n in range(3)], [change["patch"]["source_case_no"] for change in feed["changes"]])
        numbers = [change["number"] for change in feed["changes"]]
        self.assertEqual(sorted(set(numbers)), numbers)
        self.assertEqual({self.health_message.id}, {change["message_id"] for change in feed["changes"]})
        self.assertEqual([], self.reader(self.health).get(f"/v1/changes?after={feed['next']}").json["changes"])
        ahead = self.reader(self.health).get(f"/v1/changes?after={feed['next'] + 1}")  # of a log that a backup took the place of
        self.assertEqual((400, "bad_parameter"), (ahead.status, ahead.json["code"]))

    def test_changes_page_by_page(self):
        reader, seen, after = self.reader(self.housing), [], 0
        while True:
            page = reader.get(f"/v1/changes?after={after}&limit=2").json
            if not page["changes"]:
                break
            seen += [change["case_no"] for change in page["changes"]]
            after = page["next"]
        self.assertEqual([f"35020026-{n}" for n in range(5)], seen)

    def test_message_is_told_to_its_department(self):
        answer = self.reader(self.housing).get(f"/v1/messages/{self.house_message.id}")
        self.assertEqual((200, "accepted", 5), (answer.status, answer.json["outcome"], answer.json["records"]["new"]))
        self.assertIsNotNone(self.gateway.verify_receipt(answer.json["receipt"]))
        self.assertEqual(404, self.reader(self.health).get(f"/v1/messages/{self.house_message.id}").status)
        self.assertEqual(400, self.reader(self.health).get("/v1/messages/1").status)

    def test_a_path_of_one_thing_takes_no_parameters(self):
        reader = self.reader(self.housing)
        for path in (f"/v1/messages/{self.house_message.id}", "/v1/cases/35020026-1"):
            self.assertEqual(200, reader.get(path + "?").status)
            for more in ("sender=health/licences", "unmask", "a=1&a=2"):
                answer = reader.get(f"{path}?{more}")
                self.assertEqual((400, "bad_parameter"), (answer.status, answer.json["code"]), (path, more))

    def test_what_a_system_sent_stays_its_departments_when_the_system_is_taken_out(self):
        def message_of(system, receiver="center/gateway"):
            head = signing.header(system, "permits.json", receiver=receiver)
            send(self.gateway, signing.json_message(system, payloads.as_json(ONE(f"{system.name}-1")), head=head))
            return "/v1/messages/" + head["message_id"]

        def read(path, *readers):
            return [self.reader(self.gateway.systems[name]).get(path).status for name in readers]

        def take_out(system):
            for word in ("suspend", "remove"):
                self.gateway.caseway("system", word, system.name)

        leaving = self.gateway.register("housing/leaving", HOUSING)
        alone = self.gateway.register("parks/alone", "11350200004135444P")
        self.gateway.tell(signal.SIGHUP)
        until(lambda: self.reader(alone).get("/v1/cases").status == 200, "the new systems")
        taken, refused, of_parks = message_of(leaving), message_of(leaving, "other/gateway"), message_of(alone)
        readers = ("housing/permits", "supervision/eye", "health/licences")
        for path in (taken, refused):
            self.assertEqual([200, 200, 404], read(path, *readers))
        take_out(leaving)
        take_out(alone)
        self.assertEqual([200, 200, 404], read(taken, *readers))
        self.assertEqual([404, 404, 404], read(refused, *readers))  # its leaf names no department
        # Another department that comes by the name later is not the one that sent it.
        namesake = self.gateway.register("parks/later", "11350200004135333G")
        self.gateway.tell(signal.SIGHUP)
        until(lambda: self.reader(namesake).get("/v1/cases").status == 200, "the namesake")
        self.assertEqual([404], read(of_parks, "parks/later"))

    def test_a_target_that_cannot_be_says_what_is_wrong_with_it(self):
        for path, words in (("/v1/cases?source_case_no=%00", "%00"), ("/v1/cases?source_case_no=%4", "escape"), ("v1/cases", "absolute path")):
            problem = self.reader(self.housing).get(path).json
            self.assertEqual("bad_target", problem["code"])
            self.assertIn(words, problem["detail"])

    def test_reading_needs_an_identity(self):
        for path in ("/v1/cases", "/v1/cases/35020026-1", "/v1/changes", f"/v1/messages/{self.house_message.id}"):
            with self.subTest(path=path):
                answer = self.reader(None).get(path)
                self.assertEqual((401, "not_authenticated"), (answer.status, answer.json["code"]))
                self.assertNotIn(payloads.NAMES[0].encode(), answer.body)

    def test_certificate_that_nobody_registered(self):
        folder = self.gateway.folder / "strangers"
        folder.mkdir(exist_ok=True)
        answer = self.reader(System("housing/permits", folder)).get("/v1/cases")
        self.assertEqual((401, "unknown_key"), (answer.status, answer.json["code"]))

    def test_certificate_that_has_expired(self):
        answer = self.reader(self.gateway.systems["housing/expired"]).get("/v1/cases")
        self.assertEqual((401, "certificate_expired"), (answer.status, answer.json["code"]))

    def test_grant_opens_the_cases_of_the_named_department(self):
        reader = self.reader(self.gateway.systems["supervision/eye"])
        self.assertEqual(5, len(reader.get("/v1/cases").json["cases"]))
        self.assertEqual(200, reader.get("/v1/cases/35020026-1").status)
        self.assertEqual(5, len(reader.get("/v1/changes").json["changes"]))
        self.assertEqual(200, reader.get(f"/v1/messages/{self.house_message.id}").status)
        self.assertEqual(404, reader.get(f"/v1/messages/{self.health_message.id}").status)

    def test_signed_read(self):
        client = self.reader(None)
        for path in ("/v1/cases", "/v1/cases?limit=2&status=40", "/v1/cases/35020026-1"):
            with self.subTest(path=path):
                self.assertEqual(200, client.get(path, signing.signed_read(self.housing, path)).status)
        moved = client.get("/v1/cases/35020026-2", signing.signed_read(self.housing, "/v1/cases/35020026-1"))
        self.assertEqual((401, "bad_signature"), (moved.status, moved.json["code"]))
        old = client.get("/v1/cases", signing.signed_read(self.housing, "/v1/cases", created=int(time.time()) - 3600))
        self.assertEqual((401, "sent_at_too_old"), (old.status, old.json["code"]))
        self.assertEqual(404, client.get("/v1/cases/35020026-1", signing.signed_read(self.health, "/v1/cases/35020026-1")).status)
        for sender, expected in (("housing/permits", (200, None)), ("health/licences", (401, "unknown_key"))):
            named = client.get("/v1/cases", signing.signed_read(self.housing, "/v1/cases", Caseway_Sender=sender))
            self.assertEqual(expected, (named.status, named.json.get("code")), sender)

    def test_checkpoint_and_tiles_are_open_and_agree(self):
        client = self.reader(None)
        origin, size, root = client.get("/v1/log/checkpoint").body.decode().split("\n")[:3]
        self.assertEqual("center/gateway/log", origin)
        tile = client.get(f"/v1/log/tile/0/000.p/{size}")
        self.assertEqual((200, int(size) * 32), (tile.status, len(tile.body)))
        hashes = [tile.body[at:at + 32] for at in range(0, len(tile.body), 32)]
        self.assertEqual(root, base64.b64encode(merkle_root(hashes)).decode())
        self.assertEqual(404, client.get(f"/v1/log/tile/0/000.p/{int(size) + 1}").status)

    def test_entry_bundles_are_the_auditors(self):
        size = self.reader(None).get("/v1/log/checkpoint").body.decode().split("\n")[1]
        path = f"/v1/log/tile/entries/000.p/{size}"
        self.assertEqual(401, self.reader(None).get(path).status)
        self.assertEqual(403, self.reader(self.housing).get(path).status)
        answer = self.reader(self.gateway.systems["audit/office"]).get(path)
        self.assertEqual(200, answer.status)
        self.assertNotIn(payloads.NAMES[0].encode(), answer.body)
        entries, at = [], 0
        while at < len(answer.body):
            length = int.from_bytes(answer.body[at:at + 2], "big")
            entries.append(answer.body[at + 2:at + 2 + length])
            at += 2 + length
        hashes = [hashlib.sha256(b"\0" + entry).digest() for entry in entries]
        self.assertEqual(self.reader(None).get(f"/v1/log/tile/0/000.p/{size}").body, b"".join(hashes))

    def test_openapi_is_served(self):
        paths = self.reader(None).get("/openapi.json").json["paths"]
        self.assertLessEqual({"/v1/messages", "/v1/cases", "/v1/changes", "/v1/log/checkpoint"}, set(paths))


def merkle_root(hashes):
    """RFC 6962 §2.1 over leaf hashes."""
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + merkle_root(hashes[:split]) + merkle_root(hashes[split:])).digest()


class RareStatus(GatewayCase):
    def test_a_status_that_few_have_is_looked_for_some_cases_a_page(self):
        for first in range(0, 10500, 2100):
            rows = [ONE(f"s-{n}") for n in range(first, first + 2100)]
            self.taken(signing.json_message(self.housing, payloads.as_json(*rows)))
        reader, path, pages = self.reader(self.housing), "/v1/cases?status=90", 0
        while path:
            page = reader.get(path).json
            self.assertEqual([], page["cases"])
            path = f"/v1/cases?status=90&after={page['next']}" if "next" in page else None
            pages += 1
        self.assertEqual(2, pages)


if __name__ == "__main__":
    unittest.main(verbosity=2)
