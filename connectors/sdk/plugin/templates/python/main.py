"""A connector that reads numbered cases. Replace read() by what asks your system; the rest is the shape that every connector has."""
import json

from caseway_connector import Connector, Fault, Page, Payload, Step, serve


class NumberedCases(Connector):
    def check(self):
        # reach the other side as read() would, and change nothing there
        return [Step("count the cases", True, f"{self.total()} cases")]

    def discover(self):
        return [("cases", "application/json")]

    def total(self):
        return self.settings.get("records", 25)

    def read(self, cursor, records, size):
        done = self.position(cursor)
        if done >= self.total():
            return Page([], cursor, True)
        upto = min(done + records, self.total())
        cases = [{"case_no": f"{self.settings['prefix']}{number}"} for number in range(done + 1, upto + 1)]
        data = json.dumps({"cases": cases}, ensure_ascii=False).encode()
        # the cursor is all that the next read knows: a restart must not matter. Where the source ends before the total that it
        # told, say so on the last page, with the cursor where this pass began: ended_early="12 of 25 cases"
        return Page([Payload("cases", "application/json", data, len(cases))], b"%d" % upto, upto == self.total(), self.total())

    @staticmethod
    def position(cursor):
        if not cursor:
            return 0
        if not cursor.isdigit() or len(cursor) > 9:
            raise Fault.system("bad_cursor", "the cursor is not one of this connector", "", "start it from the beginning")
        return int(cursor)

    def acknowledge(self, cursor):
        pass  # what was read before `cursor` is committed: archive it, set its flag; twice must do no harm

    def write(self, items):
        # one answer each, in order: written, same, refused (with a reason), retry
        return [("written", "") for key, data in items]


serve(NumberedCases)
