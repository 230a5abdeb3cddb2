"""What a killed run was to do: read what came, read all (--full), compare (--reconcile), or map again what a former run
could not take (retry). Each offers a night, begins its run, says what the run must leave, and what must be true behind it."""
import json
import os
import sqlite3

from night import NAME, database_of, does_not_add_up, left_by, offer, put, read_by
import payloads


class Next:
    """From where the last run ended; the source is emptied."""
    more = ()
    calm = 1  # nights that are not disturbed; the last of them is the measure

    def __init__(self, gateway, chance):
        self.gateway, self.chance, self.read = gateway, chance, {}
        self.reader = gateway.systems["housing/permits"]

    def command(self, *words, ok=True):
        return self.gateway.caseway(*words, "--config", self.gateway.config, ok=ok)

    @property
    def out(self):
        return self.gateway.folder / "exchange" / "out"

    def prepare(self, _number, prefix):
        offer(self.out, prefix, self.chance)

    def begin(self):
        self.command("sync", "run", NAME, "--no-wait", *self.more)

    def left(self, prefix, run):
        return {**left_by(self.gateway, prefix, run), **read_by(self.gateway, self.reader, prefix, self.read)}

    def wrong(self, left, undisturbed, run):
        """Differences from the undisturbed night, as texts."""
        wrong = [f"{part} differ: {str(left[part])[:300]} instead of {str(undisturbed[part])[:300]}"
                 for part in left if left[part] != undisturbed[part] and part != "pages"]
        if not 0 <= left["pages"] - undisturbed["pages"] <= run["resumed"]:  # who comes back behind the last page finds an empty one
            wrong.append(f"{left['pages']} pages instead of {undisturbed['pages']}")
        if does_not_add_up(run):
            wrong.append(f"the counts do not add up: {run['counts']}")
        return wrong + self.behind()

    def behind(self):
        wrong = []
        waiting = [name for name in os.listdir(self.out) if not name.startswith(".")]
        if waiting:
            wrong.append(f"{len(waiting)} files were never acknowledged: {waiting[:3]}")
        behind = json.loads(self.command("sync", "run", NAME, "--json").stdout)
        if behind["counts"]["payloads"] != 0:
            wrong.append(f"the cursor does not stand at the end: a run behind it read {behind['counts']}")
        return wrong


class Full(Next):
    """From the beginning; what is archived is not there any more."""
    more = ("--full",)


class Retry(Next):
    """Each night has a word of its own that the mapping does not know; it is mended, and the night's run is tried again."""

    def prepare(self, number, prefix):
        word = f"word{number}"
        files = {}
        for n in range(60):
            rows = [payloads.case(f"{prefix}-{n}-{part}", state=word if part == n % 3 else "open") for part in range(3)]
            files[f"{prefix}-{n:04}.json"] = payloads.as_json(*rows)
        files[f"{prefix}-0050-large.json"] = payloads.as_json(
            *(payloads.case(f"{prefix}-L{n}", state=word if n % 5 == 0 else "open") for n in range(1500)))
        put(self.out, files)
        run = json.loads(self.command("sync", "run", NAME, "--json", ok=False).stdout)
        self.number = run["number"]
        words = ", ".join(f'word{n}: "90"' for n in range(1, number + 1))
        folder = self.gateway.folder / "mended" / "permits_json"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "mapping.yaml").write_text(payloads.JSON_MAPPING.replace('done: "90"', f'done: "90", {words}'))
        self.command("mapping", "add", folder)
        self.command("connector", "test", NAME, "--run", self.number)
        self.command("connector", "activate", NAME)

    def begin(self):
        self.command("sync", "retry", self.number, "--no-wait")

    def left(self, prefix, run):
        """A retry counts as of the time of the first reading: which of two ids is the later one, so whether what says the
        same again has a row of its own, is chance."""
        left = super().left(prefix, run)
        same = 2
        left["cases"] = [(*case, tuple(outcome for outcome in history if outcome != same)) for *case, history in left["cases"]]
        return left


class Reconcile(Next):
    """The whole set each night, all of it changed; of two groups of cases one is gone in the even nights and one in the odd."""
    more = ("--reconcile", "--vanished-at-most", "100%")
    calm = 3  # both groups were gone once
    FILES = 30

    def prepare(self, number, _prefix):
        self.night = number
        for file in self.out.iterdir():
            file.unlink()
        gone = number % 2

        def rows(label, count):
            return [payloads.case(f"{label}-{n}", version=number, title=f"night {number}") for n in range(count)]

        files = {f"{number}-{n:04}.json": payloads.as_json(*rows(f"set-{n}", 3)) for n in range(self.FILES) if n % 10 != gone}
        files[f"{number}-large.json"] = payloads.as_json(*rows("set-L", 1500))
        put(self.out, files)
        self.stood, self.rows = self.cursor(), self.histories()

    def cursor(self):
        database = database_of(self.gateway)
        try:
            return database.execute("SELECT * FROM connector_cursor ORDER BY 1").fetchall()
        finally:
            database.close()

    def histories(self):
        database = database_of(self.gateway)
        try:
            return dict(database.execute("SELECT c.source_case_no, count(p.key) FROM case_record c JOIN patch p ON coalesce(p.case_id, p.opens) = c.id GROUP BY c.id"))
        finally:
            database.close()

    def left(self, _prefix, run):
        database = database_of(self.gateway)
        database.row_factory = sqlite3.Row
        try:
            rows = database.execute("SELECT c.source_case_no AS number, c.status, c.deleted, v.case_id IS NOT NULL AS marked "
                                    "FROM case_record c LEFT JOIN vanished v ON v.case_id = c.id").fetchall()
        finally:
            database.close()
        changes = [json.loads(text) for text in read_by(self.gateway, self.reader, "set", self.read)["feed"]]
        after = self.histories()
        compared = run["reconciliation"]["counts"]
        return {"state": run["state"], "trouble": run.get("trouble", {}).get("code"),
                "cases": sorted((self.group(row["number"]), row["status"], row["deleted"], row["marked"],
                                 after[row["number"]] - self.rows.get(row["number"], 0)) for row in rows),
                "feed": sorted((self.group(one["source_case_no"]), one["case_title"] == f"night {self.night}") for one in changes),
                # What was put right before a kill is the same behind it.
                "compared": {**{name: compared[name] for name in ("read", "ours", "both", "missing_there", "marked", "missing_here", "refused")},
                             "found": compared["same"] + compared["different"]}}

    def group(self, number):
        """A case by what becomes of it tonight."""
        part = number.split("-")[1:2]
        if part in ([], ["L"]):
            return "others"
        kind = int(part[0]) % 10
        return "gone" if kind == self.night % 2 else "back" if kind == (self.night + 1) % 2 else "kept"

    def wrong(self, left, undisturbed, run):
        wrong = [f"{part} differ: {str(left[part])[:300]} instead of {str(undisturbed[part])[:300]}"
                 for part in left if left[part] != undisturbed[part]]
        if does_not_add_up(run):
            wrong.append(f"the counts do not add up: {run['counts']}")
        if self.cursor() != self.stood:
            wrong.append("the cursor of its own runs was moved")
        return wrong


KINDS = {"next": Next, "full": Full, "retry": Retry, "reconcile": Reconcile}
