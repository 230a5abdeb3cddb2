"""A reference for schedules that shares nothing with the program: it walks every minute of a stretch of time with Python's zoneinfo,
expands expressions by its own few lines, and knows the rules of docs/operating/schedules.md. Slow, short, easy to judge.
"""
import datetime
import zoneinfo

UTC = datetime.timezone.utc
MINUTE = datetime.timedelta(minutes=1)
BOUNDS = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 7)]
NAMES = [[], [], [], ["", *"jan feb mar apr may jun jul aug sep oct nov dec".split()], "sun mon tue wed thu fri sat".split()]


def expand(position, text):
    """The set of values of one field."""
    low, high = BOUNDS[position]

    def number(word):
        return NAMES[position].index(word.lower()) if word.isalpha() else int(word)

    values = set()
    for element in text.split(","):
        span, _, step = element.partition("/")
        first, _, last = (f"{low}-{high}" if span == "*" else span).partition("-")
        values.update(range(number(first), number(last or first) + 1, int(step or 1)))
    return {value % 7 for value in values} if position == 4 else values


class Expression:
    def __init__(self, text):
        fields = text.split()
        self.minutes, self.hours, self.days, self.months, self.weekdays = (expand(i, field) for i, field in enumerate(fields))
        self.star = [field.startswith("*") for field in fields]
        # How it is written decides, not what it chooses: only '*' makes an interval, so 0-23 names 24 fixed times.
        self.is_interval = "*" in (fields[0][0], fields[1][0])
        self.is_of_every_hour = self.is_interval and self.hours == set(range(24))

    def matches(self, local):
        if local.minute not in self.minutes or local.hour not in self.hours or local.month not in self.months:
            return False
        day, weekday = local.day in self.days, local.isoweekday() % 7 in self.weekdays
        return (day and weekday) if self.star[2] or self.star[4] else (day or weekday)


def in_window(local, window):
    if window == "-":
        return True
    begin, end = window.split("-")
    now = local.strftime("%H:%M")
    return begin <= now < end if begin < end else now >= begin or now < end


class Stretch:
    """Every minute of a stretch: (instant, local time, seen before, local minutes that were skipped just before it)."""

    def __init__(self, zone_name, first, last):
        zone = zoneinfo.ZoneInfo(zone_name)
        self.minutes = []
        seen = set()
        instant = first
        before = None
        while instant <= last:
            local = instant.astimezone(zone).replace(tzinfo=None, fold=0)
            skipped = []
            if before is not None:
                step = before + MINUTE
                while step < local:
                    skipped.append(step)
                    step += MINUTE
            self.minutes.append((int(instant.timestamp()), local, local in seen, skipped))
            seen.add(local)
            before = local
            instant += MINUTE

    def runs(self, text, window):
        expression = Expression(text)
        out = []
        for instant, local, seen_before, skipped in self.minutes:
            is_due = expression.matches(local) and in_window(local, window) and (expression.is_interval or not seen_before)
            goes_on = expression.is_of_every_hour and len(skipped) <= 60
            made_up = not goes_on and any(expression.matches(lost) and in_window(lost, window) for lost in skipped)
            if is_due or made_up:
                out.append(instant)
        return out
