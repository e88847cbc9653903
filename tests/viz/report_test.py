#!/usr/bin/python3
"""dvinis report as its readers meet it: both languages, the night clocks change, phone and A4 width in headless
Chromium, tables for a spreadsheet.

usage: report_test.py DVINIS SOURCE_DIR
"""
import html.parser
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

DVINIS, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])

SCENARIO = """
scenario: night
about: A dam bursts in the night in which clocks change.
label: Invented town
attribution: "Nobody's <data>"
translations:
  lv:
    about: Naktī, kad maina pulksteni, pārraujas dambis.
    label: Izdomāta pilsēta
    names:
      - { of: mill, is: Dzirnavas }
      - { of: main, is: Lielā iela }
      - { of: house, is: dzīvojamā māja }
      - { of: open the gate, is: atver aizvaru }
domain:
  plain: { width: 600 m, height: 200 m, west: 0 m, south: 0 m, spacing: 10 m, elevation: 0 m }
  crs: local
  vertical_datum: local
time:
  start: 2026-03-29T00:50:00Z
  duration: 30 min
  exchange: 30 s
  zone: Europe/Riga
layers:
  roughness: { value: 0.03 s/m^(1/3) }
  initial_level: { formula: "x < 200 ? 2 : -1" }
places:
  - { kind: gauge, id: mill, x: 400 m, y: 100 m }
  - { kind: building, id: "1", label: house, numbers: { people: 4 },
      points: [[420 m, 60 m], [440 m, 60 m], [440 m, 80 m], [420 m, 80 m]] }
  - { kind: building, id: "2", label: "house;\\"odd\\"", numbers: { people: 3 },
      points: [[560 m, 160 m], [580 m, 160 m], [580 m, 180 m], [560 m, 180 m]] }
  - { kind: road, id: main, points: [[300 m, 20 m], [300 m, 180 m]] }
  - { kind: road, id: bridge, numbers: { surface: 5 m }, points: [[150 m, 20 m], [150 m, 180 m]] }
  - { kind: structure, id: dam, points: [[200 m, 0 m], [200 m, 200 m]] }
models:
  flood:
    structures: [{ place: dam, gate: { sill: 0 m, opening: 0 m, leaf_height: 10 m } }]
    measures: [{ structure: dam, set: 3 m, at: 5 min, cost: 700, label: open the gate }]
outputs:
  folder: out
  maps: { every: 10 min, fields: [water_depth] }
  maxima: [maximum_depth, arrival_time, hazard_class]
  series: { every: 1 min }
"""


def run(*words):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(f"{words}: {done.stdout}{done.stderr}")
    return done.stdout


def chromium(*words):
    return run("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", *words)


class Text(html.parser.HTMLParser):
    """Words of a page, and what it would load."""

    def __init__(self, page):
        super().__init__()
        self.words, self.loads, self.is_hidden = [], [], False
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.is_hidden = tag == "style"
        for name, value in attributes:
            if name in ("src", "href", "action", "srcset"):
                self.loads.append(value)

    def handle_endtag(self, tag):
        self.is_hidden = False

    def handle_data(self, data):
        if not self.is_hidden and data.strip():
            self.words.append(data.strip())


class Report(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.home = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.home.name)
        (cls.folder / "scenario.yaml").write_text(SCENARIO, encoding="utf-8")
        run(DVINIS, "run", cls.folder / "scenario.yaml")
        cls.pages = {}
        for language in ("en", "lv"):
            run(DVINIS, "report", cls.folder / "out", "--lang", language, "--width", "900")
            page = (cls.folder / "out" / f"report_{language}.html").read_text(encoding="utf-8")
            cls.pages[language] = Text(page)

    @classmethod
    def tearDownClass(cls):
        cls.home.cleanup()

    def words(self, language):
        return "\n".join(self.pages[language].words)

    def test_stands_alone(self):
        for page in self.pages.values():
            self.assertTrue(page.loads)
            self.assertTrue(all(load.startswith("data:image/png;base64,") for load in page.loads))

    def test_tells_the_main_things(self):
        words = self.words("en")
        self.assertIn("Invented town", words)
        self.assertIn("Buildings that water reaches: 2. People in them: 7.", words)
        self.assertIn("Closed parts of roads: 1.", words)
        self.assertIn("Nobody's <data>", words)
        self.assertIn("open the gate", words)
        self.assertIn("700", words)
        self.assertRegex(words, r"in the model at the start\n80\u2009000")
        self.assertIn("Water stands at the closed edge of the model", words)

    def test_clocks_change_in_between(self):
        # 00:55 UTC is 02:55; five minutes later clocks show 04:00.
        words = self.words("en")
        self.assertIn("29 March 02:50", words)
        self.assertIn("29 March 02:55", words)
        self.assertRegex(words, r"29 March 04:\d\d")
        self.assertNotRegex(words, r"29 March 03:\d\d")
        self.assertRegex(self.words("lv"), r"29\. martā plkst\. 04\.\d\d")

    def test_latvian_is_latvian(self):
        words = self.words("lv")
        for phrase in ("Izdomāta pilsēta", "Dzirnavas", "Lielā iela", "atver aizvaru", "Ūdens sasniegtās ēkas: 2.",
                       "Pēdējā drošā minūte kājām", "Ūdens bilance"):
            self.assertIn(phrase, words)
        self.assertNotRegex(words, r"\b(the|of|water|road|building|time)\b")

    def test_glossary_holds_every_phrase_of_the_report(self):
        glossary = (SOURCE / "viz/words.cpp").read_text(encoding="utf-8")
        known = {re.sub(r'"\s*"', "", entry) for entry in re.findall(r'\{((?:"(?:[^"\\]|\\.)*"\s*)+),', glossary)}
        missing = []
        for name in ("report_page.cpp", "findings.cpp"):
            source = (SOURCE / "viz/report" / name).read_text(encoding="utf-8")
            text = r'((?:"(?:[^"\\]|\\.)*"\s*)+)'
            for pattern in (rf"\bword\({text}", rf"\bwarn\({text}", rf"\bheading\({text}", rf"\bcard\([^;]*?, {text}\)",
                            rf'\{{{text}, "[nt]?"\}}'):
                for phrase in re.findall(pattern, source):
                    phrase = re.sub(r'"\s*"', "", phrase.strip())
                    if phrase not in known:
                        missing.append(phrase)
        self.assertEqual(missing, [])
        self.assertGreater(len(known), 100)

    def test_tables_open_in_a_latvian_spreadsheet(self):
        raw = (self.folder / "out" / "report_lv_buildings.csv").read_bytes()
        self.assertTrue(raw.startswith(b"\xef\xbb\xbf"))
        rows = raw.decode("utf-8-sig").split("\r\n")
        self.assertTrue(rows[0].startswith("id;Ēka;Iedzīvotāji;"))
        self.assertEqual(len(rows[1].split(";")), len(rows[0].split(";")))
        self.assertRegex(rows[1], r"^1;dzīvojamā māja;4;2026-03-29 0[24]:\d\d;2026-03-29T0[01]:\d\d:\d\dZ;\d,\d\d;")
        self.assertIn('2;"house;""odd""";3;', rows[2])
        roads = (self.folder / "out" / "report_en_roads.csv").read_text(encoding="utf-8-sig").splitlines()
        self.assertEqual(len(roads), 2, "the bridge stays open")
        self.assertTrue(roads[1].startswith("main;"))

    def test_fits_phone_and_a4(self):
        measure = ("<script>onload=()=>{const d=document.documentElement;document.title='overflow '+"
                   "(d.scrollWidth-d.clientWidth)+' broken '+[...document.images].filter(i=>!i.naturalWidth).length}"
                   "</script></body>")
        for language in self.pages:
            page = self.folder / "out" / f"report_{language}.html"
            measured = self.folder / "measured.html"
            measured.write_text(page.read_text(encoding="utf-8").replace("</body>", measure), encoding="utf-8")
            for width in (390, 794, 1280):  # a phone, A4 at 96 dpi, a desk
                # Chromium's own windows are no narrower than 500: a frame is.
                frame = self.folder / "frame.html"
                frame.write_text(
                    f"<body style='margin:0'><iframe id=f src='measured.html' width={width} height=900 "
                    "style='border:0'></iframe><script>onload=()=>document.title=f.contentDocument.title</script>",
                    encoding="utf-8")
                dom = chromium("--allow-file-access-from-files", "--virtual-time-budget=4000", "--window-size=1400,1000",
                               "--dump-dom", frame.as_uri())
                self.assertIn("<title>overflow 0 broken 0</title>", dom, f"{language} at {width}")
            pdf = self.folder / "page.pdf"
            chromium("--no-pdf-header-footer", f"--print-to-pdf={pdf}", page.as_uri())
            self.assertRegex(run("pdfinfo", pdf), r"Page size: .*\(A4\)")

    def test_what_is_wrong_is_said(self):
        for words, problem in (((self.folder / "nothing",), "there is no such file"),
                               ((self.folder / "out", "--zone", "Europe/Nowhere"), "no time zone"),
                               ((self.folder / "out", "--lang", "de"), "de not in")):
            done = subprocess.run([DVINIS, "report", *map(str, words)], capture_output=True, text=True, check=False)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(problem, done.stdout + done.stderr)


if __name__ == "__main__":
    os.environ["LANG"] = "C.UTF-8"
    unittest.main(argv=sys.argv[:1])
