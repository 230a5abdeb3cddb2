"""The help of every command in Chinese: each option and each command has its words beside the English ones (gateway/cli/usage_words.cpp,
command_words.cpp), and no words stand there that nobody says."""
import functools
import os
import pathlib
import re
import subprocess
import sys
import unittest

PROGRAM = os.environ["CASEWAY_BIN"]
TABLES = [pathlib.Path(__file__).parents[2] / "gateway/cli" / name for name in ("usage_words.cpp", "command_words.cpp")]
CHINESE = re.compile("[\u4e00-\u9fff]")
SECTIONS = {"Positionals:", "Options:", "Subcommands:", "参数:", "选项:", "子命令:"}


@functools.lru_cache(maxsize=None)
def help_of(words, language):
    run = subprocess.run([PROGRAM, *words, "--help"], env={"LC_ALL": language}, capture_output=True, text=True, check=True)
    return run.stdout.splitlines()


def told(lines):
    """(section, first word, description) of each entry; a long entry has its description on the next line."""
    section, entry = "", ""
    for line in lines:
        if line in SECTIONS:
            section = line
        elif not line:
            section = ""
        elif section and re.match(r"  \S", line):
            entry = line.split()[0]
            rest = re.split(r"\s{2,}", line.strip(), maxsplit=1)
            description = line[30:] if len(line) > 30 and line[29] == " " else rest[1] if len(rest) == 2 else ""
            if description:
                yield section, entry, description.strip()
        elif section:
            yield section, entry, line.strip()


def commands(words=()):
    yield words
    for section, name, _ in told(help_of(words, "C")):
        if section == "Subcommands:":
            yield from commands((*words, name))


class HelpInChinese(unittest.TestCase):
    def test_each_command_and_option_has_its_words(self):
        lacking = []
        for words in commands():
            entries = list(told(help_of(words, "zh_CN.UTF-8")))
            self.assertTrue(entries, words)
            lacking += [f"caseway {' '.join(words)} {name}: {description}" for _, name, description in entries
                        if not CHINESE.search(description) and words[:1] != ("completion",)]
        self.assertEqual(lacking, [], "add the Chinese words to gateway/cli/usage_words.cpp or command_words.cpp")

    def test_no_words_stand_there_for_nothing(self):
        said = "\n".join("\n".join(help_of(words, "C")) for words in commands())
        for table in TABLES:
            for english in re.findall(r'^    \{"((?:[^"\\]|\\.)*)",', table.read_text(), re.M):
                self.assertIn(english, said, f"no command says this any more: take it out of {table.name}")


if __name__ == "__main__":
    sys.exit(unittest.main())
