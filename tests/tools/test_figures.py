#!/usr/bin/python3
"""tools/figures holds the project to its numbers: each case plants one fault."""
import csv
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(os.environ.get("DVINIS_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))
HEAD = "id,unit,sense,bound,peer,peer_value,what,measured,reached,command\n"
LIST = HEAD + (
    'flood.a.error,m,<=,0.1,Peer 0.2,0.2,error of a,,"2026-01-02, abc1234, 0.05",./check\n'
    "flood.b.order,1,>=,1.9,,,order of b,,,\n"
    "flood.c.count,count,==,0,,,bytes of c,,,\n"
    "speed.d,Mcells/s,>=,100,Slow 50,50,speed of d,,\"2026-01-02, abc1234, 120\",\n")


class Figures(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        (self.folder / "figures.csv").write_text(LIST)
        self.results = self.folder / "results.jsonl"

    def run_tool(self, verb, lines=""):
        self.results.write_text(lines)
        return subprocess.run([ROOT / "tools/figures", verb, self.results], capture_output=True, text=True,
                              env=dict(os.environ, DVINIS_SOURCE_DIR=str(self.folder)), check=False)

    def check(self, lines):
        self.run_tool("write")
        return self.run_tool("check", lines)

    def test_passes_when_the_reached_figure_is_inside_its_bound(self):
        run = self.check('{"id": "flood.a.error", "value": 0.06, "unit": "m"}\n')
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertRegex(run.stdout, r"flood\.a\.error +0\.06 +<= 0\.1 +met +m +3\.33x")

    def test_a_reached_figure_outside_its_bound_fails(self):
        run = self.check('{"id": "flood.a.error", "value": 0.11}\n')
        self.assertEqual(run.returncode, 1)
        self.assertIn("0.11 is outside <= 0.1 m", run.stderr)

    def test_a_reached_figure_that_nobody_measured_fails(self):
        run = self.check('{"id": "flood.b.order", "value": 2}\n')
        self.assertEqual(run.returncode, 1)
        self.assertIn("no test measured it now", run.stderr)

    def test_the_worst_of_several_values_counts(self):
        run = self.check('{"id": "flood.a.error", "value": 0.3}\n{"id": "flood.a.error", "value": 0.01}\n')
        self.assertEqual(run.returncode, 1)

    def test_no_number_is_outside(self):
        run = self.check('{"id": "flood.a.error", "value": NaN}\n')
        self.assertEqual(run.returncode, 1)
        self.assertIn("nan is outside <= 0.1 m", run.stderr)
        self.assertEqual(self.check('{"id": "flood.a.error", "value": null}\n').returncode, 1)

    def test_a_figure_not_reached_yet_is_open_and_shown(self):
        run = self.check('{"id": "flood.a.error", "value": 0.06}\n{"id": "flood.c.count", "value": 3}\n')
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertRegex(run.stdout, r"flood\.c\.count +3 +== 0 +open")

    def test_speed_is_reported_and_never_asserted(self):
        run = self.check('{"id": "flood.a.error", "value": 0.06}\n{"id": "speed.d", "value": 1}\n')
        self.assertEqual(run.returncode, 0, run.stderr)

    def test_a_long_run_of_its_own_is_not_asked_of_every_check_but_holds_where_it_is_made(self):
        with open(self.folder / "figures.csv", "a", encoding="utf-8") as file:
            file.write('flood.long,count,==,0,,,crashes,,"2026-01-02, abc1234, 0",./run-for-hours\n')
        good = '{"id": "flood.a.error", "value": 0.06}\n'
        self.assertEqual(self.check(good).returncode, 0)
        self.assertEqual(self.check(good + '{"id": "flood.long", "value": 3}\n').returncode, 1)

    def test_an_unknown_id_and_a_foreign_unit_are_errors(self):
        self.assertIn("not in figures.csv", self.check('{"id": "flood.z", "value": 1}\n').stderr)
        self.assertIn("has unit 'cm'", self.check('{"id": "flood.a.error", "value": 1, "unit": "cm"}\n').stderr)

    def test_a_torn_line_is_an_error_with_its_place(self):
        self.assertIn("results.jsonl:1", self.check('{"id": "flood.a.err\n').stderr)

    def test_a_page_edited_by_hand_is_noticed(self):
        self.run_tool("write")
        page = self.folder / "FIGURES.md"
        page.write_text(page.read_text().replace("not measured yet", "met"))
        run = self.run_tool("check", '{"id": "flood.a.error", "value": 0.06}\n')
        self.assertIn("FIGURES.md does not follow", run.stderr)

    def test_recording_fills_measured_always_and_reached_once_met(self):
        self.run_tool("record", '{"id": "flood.b.order", "value": 2.01}\n{"id": "flood.c.count", "value": 3}\n')
        with open(self.folder / "figures.csv", newline="") as file:
            rows = {row["id"]: row for row in csv.DictReader(file)}
        self.assertRegex(rows["flood.b.order"]["measured"], r"^2\.01 \(20")
        self.assertTrue(rows["flood.b.order"]["reached"].endswith(", 2.01"))
        self.assertEqual(rows["flood.c.count"]["reached"], "")
        self.assertIn("open", (self.folder / "FIGURES.md").read_text())

    def test_a_bad_bound_names_its_line(self):
        (self.folder / "figures.csv").write_text(HEAD + "flood.a,m,<=,small,,,what,,,\n")
        self.assertIn("figures.csv:2", self.run_tool("table").stderr)


if __name__ == "__main__":
    unittest.main()
