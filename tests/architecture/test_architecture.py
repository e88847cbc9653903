#!/usr/bin/python3
"""The architecture test under test: each planted fault must be caught, and a clean tree must pass."""
import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest

CHECKER = pathlib.Path(__file__).resolve().parent / "architecture.py"
CLEAN = {
    "core/base/error.hpp": "#pragma once\n#include <string>\n",
    "core/grid/grid.hpp": '#pragma once\n#include "core/base/error.hpp"\n',
    "core/twin/twin.hpp": '#pragma once\n#include "core/grid/grid.hpp"\n',
    "core/model/model.hpp": '#pragma once\n#include "core/twin/twin.hpp"\n',
    "core/engine/loop.hpp": '#pragma once\n#include "core/model/model.hpp"\n',
    "core/assimilation/filter.hpp": '#pragma once\n#include "core/twin/twin.hpp"\n',
    "models/flood/flood.hpp": '#pragma once\n#include "core/model/model.hpp"\n',
    "models/air/air.hpp": '#pragma once\n#include "core/model/model.hpp"\n',
    "models/catalogue.cpp": '#include "models/air/air.hpp"\n#include "models/flood/flood.hpp"\n',
    "io/results/file.hpp": '#pragma once\n#include "core/twin/twin.hpp"\n',
    "io/export/export.cpp": '#include "io/results/file.hpp"\n#include <hdf5.h>\n',
    "viz/map.cpp": '#include "io/results/file.hpp"\n#include <vtkNew.h>\n',
    "scenarios/app/main.cpp": '#include "models/flood/flood.hpp"\n#include "viz/map.hpp"\n',
    "viz/map.hpp": "#pragma once\n",
}


class Architecture(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)
        for name, text in CLEAN.items():
            self.write(name, text)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def run_check(self, *arguments):
        return subprocess.run([CHECKER, *arguments], capture_output=True, text=True, check=False)

    def assert_caught(self, *words):
        run = self.run_check("includes", self.root)
        self.assertEqual(run.returncode, 1, run.stdout)
        for word in words:
            self.assertIn(word, run.stdout)

    def test_a_clean_tree_passes(self):
        for check in ("includes", "words"):
            run = self.run_check(check, self.root)
            self.assertEqual((run.returncode, run.stdout), (0, ""), run.stderr)

    def test_every_upward_or_sideways_include_is_caught(self):
        forbidden = [
            ("core/base/a.hpp", "core/grid/grid.hpp"), ("core/grid/a.cpp", "core/twin/twin.hpp"),
            ("core/twin/a.cpp", "core/model/model.hpp"), ("core/model/a.cpp", "core/engine/loop.hpp"),
            ("core/assimilation/a.cpp", "core/model/model.hpp"), ("core/model/a.cpp", "core/assimilation/filter.hpp"),
            ("core/engine/a.cpp", "models/flood/flood.hpp"), ("core/engine/a.cpp", "io/results/file.hpp"),
            ("models/flood/a.cpp", "models/air/air.hpp"), ("models/flood/a.cpp", "io/results/file.hpp"),
            ("io/results/a.cpp", "models/flood/flood.hpp"), ("io/results/a.cpp", "viz/map.hpp"),
            ("viz/a.cpp", "models/flood/flood.hpp")]
        for name, target in forbidden:
            with self.subTest(name=name, target=target):
                self.write(name, f'\n  # include "{target}"\n')
                self.assert_caught(f"{name}:2:", target)
                (self.root / name).unlink()

    def test_a_circle_of_files_is_caught(self):
        self.write("core/base/one.hpp", '#include "core/base/two.hpp"\n')
        self.write("core/base/two.hpp", '#include "core/base/one.hpp"\n')
        self.assert_caught("circle of files", "core/base/one.hpp -> core/base/two.hpp -> core/base/one.hpp")

    def test_a_circle_of_folders_is_caught(self):
        self.write("io/results/back.cpp", '#include "io/export/export.hpp"\n')
        self.write("io/export/export.hpp", "#pragma once\n")
        self.assert_caught("circle of folders", "io/export")

    def test_third_party_headers_stay_where_they_belong(self):
        self.write("core/grid/picture.cpp", "#include <vtkNew.h>\n")
        self.write("models/flood/read.cpp", "#include <gdal_priv.h>\n")
        self.assert_caught("core/grid/picture.cpp:1", "models/flood/read.cpp:1")

    def test_a_header_that_is_not_there_or_named_from_beside_is_caught(self):
        self.write("core/grid/near.cpp", '#include "grid.hpp"\n')
        self.assert_caught('no file "grid.hpp"')

    def test_a_folder_without_a_rule_is_caught(self):
        self.write("core/misc/util.hpp", "#pragma once\n")
        self.assert_caught("core/misc/util.hpp")

    def test_fast_math_and_paths_of_one_machine_are_caught(self):
        self.write("cmake/Fast.cmake", "target_compile_options(x PRIVATE -f" + "fast-math)\n")
        self.write("tools/go.sh", "cd /ho" + "me/someone\n")
        run = self.run_check("words", self.root)
        self.assertEqual(run.returncode, 1)
        self.assertIn("cmake/Fast.cmake:1", run.stdout)
        self.assertIn("tools/go.sh:1", run.stdout)

    def test_a_header_that_leans_on_its_includer_is_caught(self):
        self.write("core/base/leaning.hpp", "#pragma once\nstd::vector<int> numbers();\n")
        source = self.root / "core/base/error.cpp"
        source.write_text('#include <vector>\n#include "core/base/leaning.hpp"\n')
        build = self.root / "build"
        build.mkdir()
        (build / "compile_commands.json").write_text(json.dumps([{
            "directory": str(build), "file": str(source),
            "command": f"/usr/bin/c++ -I{self.root} -std=c++20 -o x.o -c {source}"}]))
        run = self.run_check("headers", self.root, build)
        self.assertEqual(run.returncode, 1, run.stderr)
        self.assertIn("core/base/leaning.hpp: does not compile alone", run.stdout)
        self.write("core/base/leaning.hpp", "#pragma once\n#include <vector>\nstd::vector<int> numbers();\n")
        self.assertEqual(self.run_check("headers", self.root, build).returncode, 0)


if __name__ == "__main__":
    unittest.main()
