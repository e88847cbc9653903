#!/usr/bin/python3
"""tools/set-up and tools/build.sh on machines that are missing something, played by stand-in commands."""
import os
import pathlib
import shutil
import stat
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(os.environ.get("DVINIS_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))


class SetUp(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.calls = self.folder / "calls"
        self.stand_in("dpkg", "exit 1")
        self.stand_in("apt-get", f'echo "apt-get $*" >>{self.calls}')
        self.stand_in("sleep", "")
        self.stand_in("df", 'echo; echo "disk 1 1 99999 1% /"')
        self.stand_in("id", "echo 0")
        self.stand_in("env", 'while [ $# -gt 0 ]; do case $1 in *=*) shift ;; *) break ;; esac; done; exec "$@"')
        for name in ("sh", "bash", "sed", "awk", "grep", "head", "tail", "dirname", "mktemp", "rm", "wc", "find", "cat", "nproc"):
            (self.folder / name).symlink_to(shutil.which(name, path="/usr/bin:/bin"))

    def stand_in(self, name, script):
        path = self.folder / name
        path.unlink(missing_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def run_tool(self, *arguments):
        return subprocess.run([ROOT / "tools/set-up", *arguments], capture_output=True, text=True, check=False,
                              env={"PATH": str(self.folder)})

    def test_nothing_is_run_when_all_is_installed(self):
        self.stand_in("dpkg", 'echo "Status: install ok installed"')
        run = self.run_tool("check")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertFalse(self.calls.exists())

    def test_a_removed_package_with_its_settings_left_counts_as_missing(self):
        self.stand_in("dpkg", 'echo "Status: deinstall ok config-files"')
        self.assertIn("packages to install", self.run_tool("demo").stdout)

    def test_a_half_installed_package_counts_as_missing(self):
        self.stand_in("dpkg", 'echo "Status: install ok half-configured"')
        self.assertIn("packages to install", self.run_tool("demo").stdout)

    def test_without_root_and_sudo_the_line_to_type_is_printed(self):
        self.stand_in("id", "echo 1000")
        for sudo in (None, "exit 1"):
            if sudo:
                self.stand_in("sudo", sudo)
            run = self.run_tool("demo")
            self.assertEqual(run.returncode, 3)
            self.assertIn("su -c 'apt-get update && apt-get install --no-install-recommends ", run.stderr)
            self.assertIn("libvtk9-dev", run.stderr)
            self.assertFalse(self.calls.exists())

    def test_sudo_without_a_password_is_used(self):
        self.stand_in("id", "echo 1000")
        self.stand_in("sudo", f'[ "$1" = -n ] || exit 1; shift; echo sudo >>{self.calls}; exec "$@"')
        self.run_tool("demo")
        self.assertIn("sudo\n", self.calls.read_text())

    def test_apt_asks_nothing_waits_for_its_lock_and_takes_no_recommendations(self):
        self.run_tool("demo")
        install = [line for line in self.calls.read_text().splitlines() if " install " in line][-1]
        for word in ("-y", "--no-install-recommends", "DPkg::Lock::Timeout=600", "Acquire::Retries=3", "tzdata"):
            self.assertIn(word, install)

    def test_a_failing_apt_is_tried_three_times_and_then_told(self):
        self.stand_in("apt-get", f'echo "$*" >>{self.calls}; echo "E: Unable to locate package cmake"; exit 100')
        run = self.run_tool("demo")
        self.assertEqual(run.returncode, 1)
        self.assertIn("E: Unable to locate package cmake", run.stdout)
        self.assertIn("could not install", run.stderr)
        real = [line for line in self.calls.read_text().splitlines() if " install " in line and " -s " not in line]
        self.assertEqual(len(real), 3)

    def test_a_full_disk_is_told_before_anything_is_fetched(self):
        self.stand_in("df", 'echo; echo "disk 1 1 120 99% /"')
        run = self.run_tool("demo")
        self.assertEqual(run.returncode, 4)
        self.assertIn("only 120 MB free", run.stderr)
        self.assertFalse(self.calls.exists())

    def test_a_machine_without_dpkg_gets_the_list(self):
        (self.folder / "dpkg").unlink()
        run = self.run_tool("demo")
        self.assertEqual(run.returncode, 3)
        self.assertIn("libhdf5-dev", run.stderr)

    def test_every_package_line_carries_a_reason(self):
        for path in sorted((ROOT / "tools/packages").glob("*.txt")):
            for line in path.read_text().splitlines():
                if line and not line.startswith("#"):
                    self.assertRegex(line, r"^[a-z0-9.+-]+ +\S.*$", path.name)

    def test_threads_is_a_number_within_the_affinity(self):
        run = subprocess.run(["bash", "-c", ". tools/build.sh; threads; build_jobs"], cwd=ROOT, capture_output=True, text=True,
                             check=True)
        for line in run.stdout.split():
            self.assertLessEqual(int(line), len(os.sched_getaffinity(0)))
            self.assertGreaterEqual(int(line), 1)


if __name__ == "__main__":
    unittest.main()
