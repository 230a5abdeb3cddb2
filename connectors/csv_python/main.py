"""connectors/csv_python/main.py - CSV files of a folder as JSON: each page is {"file": …, "records": [{column: text, …}]}. A file that was
read and acknowledged is moved to done/. The cursor holds the files read since, and where in the current one reading stands."""
import collections
import csv
import json
import os
import pathlib
import time

from caseway_connector import Connector, Fault, Page, Payload, Step, serve

DONE = "done"
FILES_MAX = 10_000  # looked at in one folder
PENDING_MAX = 200  # files in a cursor that were read, not acknowledged
LINE_BYTES_MAX = 1024 * 1024
ROW_BYTES_MAX = 4 * 1024 * 1024  # of a row over many lines
COLUMNS_MAX = 10_000
NAMED_MAX = 10  # files in one message
csv.field_size_limit(LINE_BYTES_MAX)


class Lines:
    """Decoded lines from an offset on; `offset`: of what was handed out."""

    def __init__(self, path, offset, encoding):
        self._file = open(path, "rb")
        self._file.seek(offset)
        self.offset, self._encoding = offset, encoding
        self._row = offset

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._file.close()

    def __iter__(self):
        return self

    def __next__(self):
        line = self._file.readline(LINE_BYTES_MAX + 1)
        if not line:
            raise StopIteration
        if len(line) > LINE_BYTES_MAX:
            raise Fault.config("csv_line_too_long", "a line of more than 1 MiB", os.path.basename(self._file.name), "is it a CSV file?")
        self.offset += len(line)  # no byte of a GB 18030 character is a line feed
        if self.offset - self._row > ROW_BYTES_MAX:
            raise Fault.config("csv_malformed", f"a row of more than 4 MiB from byte {self._row} on", os.path.basename(self._file.name),
                               "a quotation mark may be missing: correct the file, or move it away")
        return line.decode(self._encoding)

    def begin_row(self):
        self._row = self.offset


def stamp_of(path):
    """When it was written, and how long it is: a file that was mended has another."""
    try:
        status = path.stat()
    except OSError:
        return ""
    return f"{status.st_mtime_ns}:{status.st_size}"


def encoding_of(path, wanted):
    """(name for Python, bytes of a byte order mark). The whole file decides."""
    with open(path, "rb") as file:
        mark = 3 if file.read(3) == b"\xef\xbb\xbf" else 0
    for encoding in ("utf-8",) if mark else {"auto": ("utf-8", "gb18030")}.get(wanted, (wanted,)):
        try:
            with open(path, encoding=encoding, newline="") as file:
                while file.read(1 << 20):
                    pass
            return encoding, mark
        except UnicodeDecodeError:
            continue
    raise Fault.config("csv_encoding", "neither UTF-8 nor GB 18030 from its first byte to its last", path.name,
                       "ask the department to export it again, or move it away")


class CsvFolder(Connector):
    def __init__(self, settings, gateway):
        super().__init__(settings, gateway)
        if not isinstance(settings.get("folder"), str) or not settings["folder"]:
            raise Fault.config("bad_setting", "a folder is needed", "/folder", "name the folder with the CSV files")
        self.folder = pathlib.Path(settings["folder"])
        self.delimiter = settings.get("delimiter", ",")
        self.encoding = settings.get("encoding", "auto")
        self.settle = settings.get("settle_seconds", 10)

    def check(self):
        steps = []
        try:
            self.gateway.allow_folder(str(self.folder))
            count = len(self.files())
            steps.append(Step("list the folder", True, f"{count} files to read"))
            writable = os.access(self.folder, os.W_OK | os.X_OK)
            steps.append(Step("move files there", writable, "" if writable else "no right to write",
                              "" if writable else "give the plug-ins' user the right to write in it"))
            done = self.folder / DONE
            if done.exists():
                usable = done.is_dir() and os.access(done, os.W_OK | os.X_OK)
                steps.append(Step(f"move files into {DONE}/", usable, "" if usable else "no folder that may be written in",
                                  "" if usable else "give the plug-ins' user the right to write in it"))
        except OSError as error:
            steps.append(Step("list the folder", False, os.strerror(error.errno), "check the folder and its rights"))
        return steps

    def discover(self):
        return [(path.name, "text/csv") for path in self.files()[:1000]]

    def files(self):
        """Whole ones, the oldest first."""
        found = []
        latest = time.time() - self.settle
        with os.scandir(self.folder) as entries:
            for entry in entries:
                if entry.name.lower().endswith(".csv") and not entry.name.startswith(".") and entry.is_file(follow_symlinks=False):
                    status = entry.stat(follow_symlinks=False)
                    if status.st_mtime <= latest:
                        found.append((status.st_mtime_ns, entry.name))
                if len(found) > FILES_MAX:
                    raise Fault.config("csv_too_many_files", "more than 10,000 files", str(self.folder), "move old ones away")
        return [self.folder / name for _, name in sorted(found)]

    def read(self, cursor, records, size):
        self.gateway.allow_folder(str(self.folder))
        state = self.state(cursor)
        try:
            waiting = [path for path in self.files() if path.name not in state["read"]]
        except OSError as error:
            raise Fault.config("csv_not_readable", os.strerror(error.errno), str(self.folder), "check the folder and its rights") from None
        names = {path.name for path in waiting}
        if state["at"] not in names:
            state["at"] = ""  # it was taken away
        state["bad"] = {name: was for name, was in state["bad"].items() if name in names}
        while waiting:
            # One that cannot be read holds up none of the others: it comes again when it changed, and is told, behind them.
            good = [path for path in waiting if state["bad"].get(path.name) != stamp_of(path)]
            if not good:
                raise self.all_bad(waiting, state, records, size)
            path = next((path for path in good if state["at"] in ("", path.name)), good[0])
            try:
                return self.page(path, state, records, size, len(waiting) == 1)
            except FileNotFoundError:
                raise Fault.transient("csv_file_gone", "it went away while it was read", path.name) from None
            except (Fault, OSError, MemoryError):
                state["bad"][path.name] = stamp_of(path)
                state.update(at="", offset=0, encoding="", mark=0)
        return Page([], cursor, True)

    def all_bad(self, paths, state, records, size):
        """The fault of the first; the others are named in it."""
        first, others = paths[0], [path.name for path in paths[1:]]
        try:
            self.page(first, {**state, "at": ""}, records, size, False)
            fault = Fault.transient("csv_file_changed", "it was mended while it was read", first.name)
        except Fault as error:
            fault = error
        except MemoryError:
            fault = Fault.config("csv_malformed", "it takes more memory than there is", first.name, "ask for smaller files, or move it away")
        except OSError as error:
            fault = Fault.config("csv_not_readable", os.strerror(error.errno), first.name, "give the plug-ins' user the right to read it, or move it away")
        if others:
            more = f" and {len(others) - NAMED_MAX} more" if len(others) > NAMED_MAX else ""
            told = fault.wire
            fault = Fault(told.kind, told.code, f"{told.message}; not read either: {', '.join(others[:NAMED_MAX])}{more}", told.where, told.next_step)
        return fault

    @staticmethod
    def state(cursor):
        empty = {"read": [], "at": "", "offset": 0, "encoding": "", "mark": 0, "bad": {}}
        if not cursor:
            return empty
        try:
            state = {"bad": {}, **json.loads(cursor)}  # a former version knew no bad ones, and one knew them by name alone
            state["bad"] = state["bad"] if isinstance(state["bad"], dict) else {}
            return {name: type(value)(state[name]) for name, value in empty.items()}
        except (ValueError, KeyError, TypeError):
            raise Fault.system("bad_cursor", "the cursor is not one of this connector", "", "start it from the beginning") from None

    def page(self, path, state, records, size, only_one):
        if state["at"] != path.name or not state["encoding"]:
            encoding, mark = encoding_of(path, self.encoding)
            state.update(at=path.name, offset=0, encoding=encoding, mark=mark)
        with Lines(path, state["mark"], state["encoding"]) as lines:
            try:
                header = next(csv.reader(lines, delimiter=self.delimiter), [])
            except csv.Error:
                raise Fault.config("csv_malformed", "no names of columns in its first line", path.name, "correct the file, or move it away") from None
            if len(header) > COLUMNS_MAX:
                raise Fault.config("csv_malformed", "more than 10,000 columns", path.name, "is it a CSV file, with its first line the names of the columns?")
            twice = sorted(name for name, count in collections.Counter(header).items() if count > 1 and name)
            if twice:
                raise Fault.config("csv_malformed", f"two columns of one name: {', '.join(twice[:NAMED_MAX])[:300]}", path.name,
                                   "ask the department to name each column differently")
            first = lines.offset
        rows, left, ended = [], size, False
        with Lines(path, max(first, state["offset"]), state["encoding"]) as lines:
            reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
            try:
                while len(rows) < records and left > 0:
                    before = lines.offset
                    lines.begin_row()
                    row = next(reader, None)
                    if row is None:
                        ended = True
                        break
                    if row:
                        record = dict(zip(header, row))
                        if len(row) > len(header):
                            record["_more"] = row[len(header):]
                        rows.append(record)
                    left -= lines.offset - before
            except csv.Error:
                raise Fault.config("csv_malformed", f"no CSV after byte {state['offset']}", path.name, "correct the file, or move it away") from None
            state["offset"] = lines.offset
        if ended:
            state.update(read=state["read"] + [path.name], at="", offset=0, encoding="", mark=0)
        last = ended and only_one or len(state["read"]) >= PENDING_MAX
        data = json.dumps({"file": path.name, "records": rows}, ensure_ascii=False).encode() if rows else b""
        payloads = [Payload(path.name, "application/json", data, len(rows))] if rows else []
        return Page(payloads, json.dumps(state, ensure_ascii=False).encode(), last)

    def acknowledge(self, cursor):
        try:
            self.move_away(cursor)
        except OSError as error:
            raise Fault.config("csv_not_readable", f"what was read cannot be moved into {DONE}/: {os.strerror(error.errno)}", str(self.folder / DONE),
                               "give the plug-ins' user the right to write there") from None

    def move_away(self, cursor):
        for name in self.state(cursor)["read"]:
            path = self.folder / os.path.basename(name)
            if path.exists():
                done = self.folder / DONE
                done.mkdir(exist_ok=True)
                target = done / path.name
                if target.exists():  # of the same name as one before: both are kept
                    target = done / f"{path.stem}.{path.stat().st_mtime_ns}{path.suffix}"
                os.replace(path, target)


serve(CsvFolder)
