"""tests/bench/figures.py - figures beside their goals: told at the end of each benchmark, gathered by tests/bench/run."""
import json
import os
import sys

GATHERED = "CASEWAY_BENCH_FIGURES"  # a file that every benchmark of one run adds its figures to


class Figures:
    def __init__(self):
        self.all = []

    def most(self, name, value, goal, unit=""):
        """At most so much is wanted."""
        self.all.append({"name": name, "value": value, "goal": goal, "sign": "<=", "unit": unit, "met": value <= goal})

    def least(self, name, value, goal, unit=""):
        self.all.append({"name": name, "value": value, "goal": goal, "sign": ">=", "unit": unit, "met": value >= goal})

    def end(self):
        """Prints the table; exits 1 where a goal is missed."""
        if file := os.environ.get(GATHERED):
            with open(file, "a", encoding="utf-8") as out:
                out.writelines(json.dumps(one) + "\n" for one in self.all)
        print(table(self.all), flush=True)
        sys.exit(0 if all(one["met"] for one in self.all) else 1)


def number(value):
    return f"{value:,.2f}" if abs(value) < 100 else f"{value:,.0f}"


def table(figures):
    rows = [(one["name"], number(one["value"]), f"{one['sign']} {number(one['goal'])} {one['unit']}".rstrip(), "met" if one["met"] else "MISSED")
            for one in figures]
    if not rows:
        return "no figure has a goal here"
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(f"{name:{widths[0]}}  {value:>{widths[1]}}  {goal:{widths[2]}}  {met}" for name, value, goal, met in rows)
