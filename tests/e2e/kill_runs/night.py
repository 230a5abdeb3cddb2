"""The source of the kill runs: one night's files in an exchange folder, the same each night but for their case numbers; and what a night leaves in the store, without what differs from night to night (ids, times, leaves)."""
import json
import pathlib
import sqlite3
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "gateway"))
import payloads  # noqa: E402
from client import Client  # noqa: E402

NAME = "housing/permits/nightly"
FILES, PER_FILE = 120, 3
LARGE_RECORDS = 1500  # more than a page takes inline: applied in slices behind the page
COUNTS = ("new", "changed", "same", "stale", "refused")


def files_of(prefix, random):
    """Names and bytes: new cases, changes of them, the same again, a refused record, a file that is none, one large one."""
    made = {}
    for n in range(FILES):
        rows = [payloads.case(f"{prefix}-{n}-{part}") for part in range(PER_FILE)]
        if n % 3 == 1:  # what an earlier file told: changed, and the same again
            rows.append(payloads.case(f"{prefix}-{n - 1}-0", version=2, state="done"))
            rows.append(payloads.case(f"{prefix}-{n - 1}-1"))
        if n % 10 == 5:
            rows.append(payloads.case(f"{prefix}-{n}-bad", state="paused"))
        made[f"{prefix}-{n:04}.json"] = payloads.as_json(*rows)
    made[f"{prefix}-0050-html.json"] = b"<html>down for maintenance</html>"
    made[f"{prefix}-0060-large.json"] = payloads.as_json(*(payloads.case(f"{prefix}-L{n}") for n in range(LARGE_RECORDS)))
    names = list(made)
    random.shuffle(names)  # the order in which they are written is of no account
    return {name: made[name] for name in names}


def offer(out, prefix, random):
    put(out, files_of(prefix, random))


def put(out, files):
    for name, payload in files.items():
        (out / f".{name}").write_bytes(payload)
        (out / f".{name}").rename(out / name)


def database_of(gateway):
    (file,) = gateway.data.glob("*.db")
    return sqlite3.connect(f"file:{file}?mode=ro", uri=True)


def runs_of(gateway):
    database = database_of(gateway)
    try:
        return [json.loads(body) for (body,) in database.execute("SELECT CAST(body AS TEXT) FROM run ORDER BY number")]
    finally:
        database.close()


def read_by(gateway, system, prefix, place):
    """What a reader gets of this night: its records, and its changes in the feed. `place` is moved on behind them."""
    def normal(document):
        return json.dumps({key: value for key, value in document.items() if key != "case_no"}, ensure_ascii=False,
                          sort_keys=True).replace(prefix, "night")

    def is_ours(document):
        return document["source_case_no"].startswith(prefix + "-")

    client = Client(gateway, system)
    records, changes = [], []
    try:
        while True:
            page = client.get(f"/v1/cases?limit=1000&after={place.get('case', 0)}").json
            records += [normal(one["record"]) for one in page["cases"] if is_ours(one["record"])]
            if "next" not in page:
                break
            place["case"] = page["next"]
        while True:
            page = client.get(f"/v1/changes?limit=1000&after={place.get('change', 0)}").json
            changes += [normal(one["patch"]) for one in page["changes"] if is_ours(one["patch"])]
            if page["next"] == place.get("change", 0):
                break
            place["change"] = page["next"]
    finally:
        client.close()
    return {"records": sorted(records), "feed": sorted(changes)}


def left_by(gateway, prefix, run):
    """What this night left: its cases with the outcomes of their history, its run's counts, pages and state."""
    database = database_of(gateway)
    try:
        cases = []
        for identity, number, status, deleted in database.execute(
                "SELECT id, source_case_no, status, deleted FROM case_record WHERE source_case_no LIKE ?", (prefix + "-%",)):
            history = [outcome for (outcome,) in database.execute("SELECT outcome FROM patch WHERE coalesce(case_id, opens) = ? ORDER BY key", (identity,))]
            cases.append((number.replace(prefix, "night"), status, deleted, tuple(history)))
        changes = database.execute("SELECT coalesce(sum(more + 1), 0), coalesce(max(number + more), 0) FROM change").fetchone()
    finally:
        database.close()
    return {"cases": sorted(cases), "counts": run["counts"], "pages": run["pages"], "state": run["state"],
            "changes": changes[0] == changes[1]}


def does_not_add_up(run):
    counts = run["counts"]
    return counts["read"] != sum(counts[kind] for kind in COUNTS)
