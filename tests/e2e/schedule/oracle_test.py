"""Random expressions in zones of every kind, around their clock changes: the program's runs are those of the reference."""
import datetime
import os
import random
import subprocess
import sys
import unittest
import zoneinfo

from oracle import NAMES, UTC, Expression, Stretch

TOOL = sys.argv.pop(1)
SEED = int(os.environ.get("CASEWAY_SEED", "20261125"))
EXPRESSIONS_A_STRETCH = 40
# A zone and the middle of each stretch of six days.
STRETCHES = [
    ("Asia/Shanghai", "2026-02-28"), ("Asia/Shanghai", "1986-05-04"), ("Asia/Shanghai", "1986-09-14"), ("Asia/Shanghai", "1991-09-15"),
    ("Asia/Shanghai", "2100-02-28"), ("Asia/Shanghai", "2028-02-29"), ("UTC", "2026-12-31"),
    ("Europe/Berlin", "2026-03-29"), ("Europe/Berlin", "2026-10-25"), ("America/New_York", "2026-03-08"), ("America/New_York", "2026-11-01"),
    ("Australia/Lord_Howe", "2026-04-05"), ("Australia/Lord_Howe", "2026-10-04"), ("America/Havana", "2026-03-08"),
    ("America/Havana", "2026-11-01"), ("Asia/Beirut", "2026-03-29"), ("Asia/Beirut", "2026-10-25"), ("Pacific/Apia", "2011-12-30"),
    ("Pacific/Kwajalein", "1993-08-21"), ("Asia/Kathmandu", "1986-01-01"), ("Asia/Tehran", "2021-03-22"), ("Asia/Tehran", "2021-09-22"),
    ("America/Sao_Paulo", "2018-11-04"), ("America/Sao_Paulo", "2018-02-18"), ("Africa/Casablanca", "2026-02-15"),
    ("Antarctica/Troll", "2026-03-29"), ("Antarctica/Troll", "2026-10-25"), ("Asia/Pyongyang", "2015-08-15"),
    ("Asia/Pyongyang", "2018-05-05"), ("America/Caracas", "2016-05-01"), ("Europe/Dublin", "2026-10-25"), ("Pacific/Chatham", "2026-04-05"),
    # Behind the last change that tzdata lists one by one; Casablanca's list goes on until 2087, Dublin's summer time is the standard.
    ("Europe/Berlin", "2040-03-25"), ("Europe/Berlin", "2040-10-28"), ("Europe/Berlin", "2100-03-28"), ("Europe/Berlin", "2100-10-31"),
    ("America/New_York", "2040-03-11"), ("America/New_York", "2040-11-04"), ("America/New_York", "2100-03-14"),
    ("America/New_York", "2100-11-07"), ("Australia/Sydney", "2040-04-01"), ("Australia/Sydney", "2040-10-07"),
    ("Australia/Sydney", "2100-04-04"), ("Australia/Sydney", "2100-10-03"), ("Australia/Lord_Howe", "2040-04-01"),
    ("Australia/Lord_Howe", "2040-10-07"), ("Australia/Lord_Howe", "2100-04-04"), ("Australia/Lord_Howe", "2100-10-03"),
    ("Africa/Casablanca", "2040-09-02"), ("Africa/Casablanca", "2040-10-14"), ("Africa/Casablanca", "2100-04-01"),
    ("Europe/Dublin", "2040-03-25"), ("Europe/Dublin", "2040-10-28"), ("Europe/Dublin", "2100-03-28"), ("Europe/Dublin", "2100-10-31"),
    ("America/Nuuk", "2100-10-31"), ("Asia/Gaza", "2100-03-27"), ("Africa/Cairo", "2040-10-25"), ("America/Santiago", "2100-09-05"),
    ("America/St_Johns", "2006-10-29"), ("Asia/Gaza", "2026-03-28"), ("Europe/Lisbon", "1992-09-27"), ("Asia/Singapore", "1982-01-01"),
]


def random_field(dice, position, low, high, around=None):
    def value():
        return dice.randint(low, high) if around is None or dice.random() < 0.3 else dice.choice(around)

    def word(number):
        names = NAMES[position]
        name = names[number] if number < len(names) else ""
        return dice.choice([name, name.upper(), name.title()]) if name and dice.random() < 0.4 else str(number)

    def element():
        kind = dice.random()
        if kind < 0.55:
            return word(value())
        first, last = sorted((value(), value()))
        if kind < 0.8 or first == last:
            return f"{word(first)}-{word(last)}"
        return f"{first}-{last}/{dice.randint(1, last - first + 1)}"

    kind = dice.random()
    if kind < 0.3 + 0.1 * (position > 1):
        return "*"
    if position == 1 and kind > 0.95:
        return dice.choice(["0-23", "0-11,12-23", "0-23/1"])  # every hour, as fixed times
    if kind < 0.45 + 0.1 * (position > 1):
        return f"*/{dice.randint(1, high - low + 3)}"
    return ",".join(element() for _ in range(dice.choice([1, 1, 1, 2, 3])))


def random_expression(dice, middle):
    near_days = [(middle + datetime.timedelta(days=n)).day for n in (-1, 0, 0, 1)]
    fields = [random_field(dice, 0, 0, 59, [0, 0, 15, 30, 45, 59]), random_field(dice, 1, 0, 23, [0, 0, 1, 1, 2, 2, 3, 22, 23]),
              random_field(dice, 2, 1, 31, near_days),
              dice.choice(["*", "*", "*", str(middle.month), random_field(dice, 3, 1, 12, [middle.month])]), random_field(dice, 4, 0, 7)]
    return dice.choice([" ", "  "]).join(fields)


# What docs/operating/schedules.md says, by hand: neither the program nor the reference decides alone.
BY_HAND = [
    ("30 2 * * *", "2026-03-29", ["03:00"]), ("30 2 * * *", "2026-10-25", ["02:30"]),
    ("30 0-23 * * *", "2026-03-29", ["00:30", "01:30", "03:00", "03:30", "04:30"]),
    ("30 * * * *", "2026-03-29", ["00:30", "01:30", "03:30", "04:30"]),
    ("30 */1 * * *", "2026-03-29", ["00:30", "01:30", "03:30", "04:30"]),
    ("30 0-23 * * *", "2026-10-25", ["00:30", "01:30", "02:30", "03:30", "04:30"]),
    ("30 * * * *", "2026-10-25", ["00:30", "01:30", "02:30", "02:30", "03:30", "04:30"]),
    ("0,30 1-3 * * *", "2026-03-29", ["01:00", "01:30", "03:00", "03:30"]),
    ("15 2,3 * * *", "2026-03-29", ["03:00", "03:15"]), ("*/20 2 * * *", "2026-03-29", ["03:00"]),
    ("*/30 2 * * *", "2026-10-25", ["02:00", "02:30", "02:00", "02:30"]),
]


class Oracle(unittest.TestCase):
    def ask(self, questions):
        text = "".join("\t".join(question) + "\n" for question in questions)
        result = subprocess.run([TOOL], input=text, capture_output=True, text=True, timeout=240, check=True)
        answers = result.stdout.split("\n")[:-1]
        self.assertEqual(len(questions), len(answers))
        return answers

    def test_runs_are_those_of_the_reference(self):
        print("seed", SEED)
        dice = random.Random(SEED)
        questions, expected = [], []
        for zone, date in STRETCHES:
            middle = datetime.datetime.fromisoformat(date).replace(tzinfo=UTC)
            first, last = middle - datetime.timedelta(days=3), middle + datetime.timedelta(days=3)
            stretch = Stretch(zone, first, last)
            for _ in range(EXPRESSIONS_A_STRETCH):
                expression = random_expression(dice, middle)
                window = dice.choice(["-", "-", "-", "22:00-06:00", "01:30-02:45", "00:00-24:00", "09:00-17:30"])
                # The reference does not know what came before its first minute: it is asked from a day later on.
                after = first + datetime.timedelta(days=1, minutes=dice.randint(0, 1440))
                runs = [run for run in stretch.runs(expression, window) if run > after.timestamp()]
                questions.append((expression, zone, after.isoformat(), last.isoformat(), window))
                expected.append(runs)
        with_runs = 0
        for question, runs, answer in zip(questions, expected, self.ask(questions)):
            with self.subTest(question=question):
                if answer.startswith("refused"):
                    self.assertIn(answer, ("refused cron_never_runs", "refused window_without_runs"))
                    self.assertEqual([], runs)
                    continue
                self.assertEqual(runs, [int(run) for run in answer.split()])
                with_runs += bool(runs)
        self.assertGreater(with_runs, len(questions) // 3, "most questions ask for nothing")

    def test_program_and_reference_keep_the_rules_as_they_are_written(self):
        zone = zoneinfo.ZoneInfo("Europe/Berlin")

        def shown(instants, date):
            times = [datetime.datetime.fromtimestamp(int(instant), zone) for instant in instants]
            return [time.strftime("%H:%M") for time in times if time.date().isoformat() == date and time.hour < 5]

        questions = []
        for expression, date, expected in BY_HAND:
            middle = datetime.datetime.fromisoformat(date).replace(tzinfo=UTC)
            first, last = middle - datetime.timedelta(days=1), middle + datetime.timedelta(days=1)
            self.assertEqual(expected, shown(Stretch("Europe/Berlin", first, last).runs(expression, "-"), date), expression)
            questions.append((expression, "Europe/Berlin", first.isoformat(), last.isoformat(), "-"))
        for (expression, date, expected), answer in zip(BY_HAND, self.ask(questions)):
            self.assertEqual(expected, shown(answer.split(), date), expression)

    def test_dates_over_years_are_those_of_the_reference(self):
        """One time a day over forty years: which dates, as a walk over all of them says. 2100 is no leap year."""
        dice = random.Random(SEED + 1)
        first = datetime.datetime(2080, 1, 1, tzinfo=UTC)
        dates = [first + datetime.timedelta(days=n) for n in range(1, 40 * 365)]
        questions, expected = [], []
        for _ in range(100):
            day = dice.choice(["*", "29", "30", "31", "*/2", "1-7", "28-31", str(dice.randint(1, 31))])
            month = dice.choice(["*", "2", "2,4", "*/3", str(dice.randint(1, 12))])
            weekday = dice.choice(["*", "*", "*/7", "mon", "0", "6-7", str(dice.randint(0, 6))])
            text = f"0 0 {day} {month} {weekday}"
            questions.append((text, "UTC", first.isoformat(), dates[-1].isoformat(), "-"))
            expected.append([int(date.timestamp()) for date in dates if Expression(text).matches(date)])
        for question, runs, answer in zip(questions, expected, self.ask(questions)):
            with self.subTest(question=question):
                if answer == "refused cron_never_runs":
                    self.assertEqual([], runs)
                else:
                    self.assertEqual(runs, [int(run) for run in answer.split()])


if __name__ == "__main__":
    unittest.main()
