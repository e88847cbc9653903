#!/usr/bin/python3
"""The rules of ARCHITECTURE.md, held by a test.

  architecture.py includes ROOT          no include looks up, sideways between models, or round in a circle
  architecture.py words ROOT             no fast-math, no path of one machine in any text we ship
  architecture.py headers ROOT BUILD     every header compiles alone, with the flags of BUILD's compile commands

Prints one sentence a fault with file and line, and exits with 1 if there is any.
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

CORE = ["core/base", "core/grid", "core/twin", "core/model", "core/assimilation", "core/engine"]
EVERYTHING = ["core", "models", "io", "viz", "scenarios/app"]

# Folder: the folders its files may include. The longest matching folder counts.
MAY_INCLUDE = {
    "core/base": ["core/base"],
    "core/grid": ["core/base", "core/grid"],
    "core/twin": ["core/base", "core/grid", "core/twin"],
    "core/model": ["core/base", "core/grid", "core/twin", "core/model"],
    "core/assimilation": ["core/base", "core/grid", "core/twin", "core/assimilation"],
    "core/engine": CORE,
    "models": ["core", "models"],  # the catalogue; a model's own folder is stricter, see may_include()
    "io": ["core", "io"],
    "viz": ["core", "io", "viz"],
    "scenarios/app": EVERYTHING,
    "bench": EVERYTHING + ["bench", "tests/support"],
    "tests": EVERYTHING + ["bench", "tests"],
}

# Third-party headers that must stay where they are: pattern, folders that may see it.
ONLY_IN = [
    (r"vtk", ["viz", "tests"]),
    (r"gdal|ogr_|cpl_", ["io", "tests"]),
    (r"hdf5|H5|netcdf", ["io", "tests"]),
    (r"X11/|GL/|ft2build|freetype", ["viz", "tests"]),
    (r"yaml-cpp/", ["io", "tests"]),
    (r"CLI/", ["scenarios/app", "viz", "bench"]),
    (r"gtest/|gmock/", ["tests"]),
    (r"benchmark/", ["bench"]),
]

STRANGER = "tests/install/consumer/"  # a user's own project, outside our rules
SOURCE = {".hpp", ".cpp", ".h", ".inc"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]')


def sources(root):
    """Every C++ file below the folders that hold code, as (path from root, absolute path)."""
    for top in ["core", "models", "io", "viz", "scenarios", "bench", "tests"]:
        for path in sorted((root / top).rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.suffix in SOURCE and path.is_file() and not name.startswith(STRANGER):
                yield name, path


def folder_of(name):
    """The folder whose rule holds for a file, None if no rule does."""
    found = [folder for folder in MAY_INCLUDE if name.startswith(folder + "/")]
    return max(found, key=len) if found else None


def part_of(name):
    """The unit between which no circle may run: two folders deep in core, io, models, one elsewhere."""
    pieces = name.split("/")
    deep = 2 if pieces[0] in ("core", "io", "models", "scenarios") and len(pieces) > 2 else 1
    return "/".join(pieces[:deep])


def may_include(name):
    pieces = name.split("/")
    if pieces[0] == "models" and len(pieces) > 2:
        return ["core", "/".join(pieces[:2])]
    return MAY_INCLUDE[folder_of(name)]


def includes(text):
    """(line number, quote, target) of each include."""
    for count, line in enumerate(text.splitlines(), start=1):
        match = INCLUDE.match(line)
        if match:
            yield count, match.group(1), match.group(2)


def within(target, folders):
    return any(target.startswith(folder + "/") for folder in folders)


def circle(graph):
    """One circle of a graph {node: nodes} as a list, or None."""
    done, path = set(), []

    def visit(node):
        if node in path:
            return path[path.index(node):] + [node]
        if node in done:
            return None
        path.append(node)
        for other in sorted(graph.get(node, ())):
            found = visit(other)
            if found:
                return found
        path.pop()
        done.add(node)
        return None

    for start in sorted(graph):
        found = visit(start)
        if found:
            return found
    return None


def check_includes(root):
    faults, files, parts = [], {}, {}
    known = dict(sources(root))
    for name, path in known.items():
        if folder_of(name) is None:
            faults.append(f"{name}: no rule of ARCHITECTURE.md says what this folder may include")
            continue
        files[name] = set()
        for line, quote, target in includes(path.read_text(encoding="utf-8")):
            where = f"{name}:{line}"
            if target in known:
                if quote != '"':
                    faults.append(f'{where}: own header in angle brackets; write "{target}"')
                files[name].add(target)
                if not within(target, may_include(name)):
                    faults.append(f"{where}: {part_of(name)} may not include {target}; allowed are {', '.join(may_include(name))}")
                if part_of(target) != part_of(name):
                    parts.setdefault(part_of(name), set()).add(part_of(target))
            elif (root / (target + ".in")).exists():
                continue  # made by the build from a template beside it
            elif quote == '"':
                faults.append(f'{where}: no file "{target}" below the root of the project; own headers are named from there')
            else:
                faults += [f"{where}: <{target}> may be seen by {', '.join(folders)} only"
                           for pattern, folders in ONLY_IN if re.match(pattern, target) and not within(name, folders)]
    for what, graph in (("files", files), ("folders", parts)):
        found = circle(graph)
        if found:
            faults.append(f"include circle of {what}: {' -> '.join(found)}")
    return faults


# Written in pieces so that this file does not accuse itself.
WORDS = [
    (re.compile("-f" + "fast-math|-O" + "fast|-funsafe-" + "math|-fassociative-" + "math"),
     "breaks the promise of the same bits; see ARCHITECTURE.md"),
    (re.compile(r"(?<![\w.$}/])/(?:" + "ho" + "me|ro" + "ot|wo" + "rk|Use" + "rs|t" + r"mp)/[\w.]"), "is a path of one machine"),
    (re.compile(r"\.\./" + "sha" + "red"), "lies outside the project"),
]
TEXT = SOURCE | {".md", ".txt", ".cmake", ".json", ".yaml", ".yml", ".py", ".sh", ".csv", ".cff", ".1", ""}
SKIPPED = {".git", "build", "out", "__pycache__", "corpus"}


def texts(root):
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(f for f in folders if f not in SKIPPED and not f.startswith("build-"))
        for name in sorted(names):
            path = pathlib.Path(folder, name)
            if path.suffix in TEXT and path.stat().st_size < 2_000_000:
                yield path


def check_words(root):
    faults = []
    for path in texts(root):
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for count, line in enumerate(text.splitlines(), start=1):
            for pattern, reason in WORDS:
                match = pattern.search(line)
                if match:
                    faults.append(f"{path.relative_to(root)}:{count}: '{match.group(0)}' {reason}")
    return faults


def flags_of(commands, root):
    """Compiler and the union of include, define, language and warning flags; the folders that are built."""
    compiler, flags, built = None, [], set()
    for command in commands:
        words = command.get("arguments") or shlex.split(command["command"])
        while words and os.path.basename(words[0]) in ("ccache", "distcc", "sccache"):
            words = words[1:]
        compiler = compiler or words[0]
        try:
            built.add(part_of(pathlib.Path(command["file"]).relative_to(root).as_posix()))
        except ValueError:
            continue
        iterator = iter(words[1:])
        for word in iterator:
            if word in ("-isystem", "-I", "-include"):
                flag = (word, next(iterator))
            elif re.match(r"-(I|D|std=|W|f(openmp|no-|fp-))", word) and not word.startswith("-Winvalid-pch"):
                flag = (word,)
            else:
                continue
            # A name defined differently by two files (one kernel compiled for several levels) keeps its first value.
            name = word.partition("=")[0]
            is_second = word.startswith("-D") and any(other[0].partition("=")[0] == name for other in flags)
            if flag not in flags and flag[0] != "-include" and not is_second:
                flags.append(flag)
    return compiler, [word for flag in flags for word in flag], built


def fingerprint(name, known, flags):
    """Hash of a header, all of our headers below it, and the flags."""
    digest, seen, waiting = hashlib.sha256(" ".join(flags).encode()), set(), [name]
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        text = known[current].read_text(encoding="utf-8")
        digest.update(current.encode() + text.encode())
        waiting += [target for _, _, target in includes(text) if target in known]
    return digest.hexdigest()


def check_headers(root, build):
    commands_path = build / "compile_commands.json"
    if not commands_path.exists():
        return [f"{commands_path} is not there: configure the build first"]
    compiler, flags, built = flags_of(json.loads(commands_path.read_text()), root)
    known = dict(sources(root))
    cache_path = build / "architecture-headers.json"
    cache = set(json.loads(cache_path.read_text())) if cache_path.exists() else set()
    # A folder that this build leaves out (viz without VTK) has no flags; core/model has headers only.
    headers = [name for name in known if name.endswith(".hpp") and (part_of(name) in built or name.startswith("core/"))]
    prints = {name: fingerprint(name, known, flags) for name in headers}

    def compile_alone(name):
        if prints[name] in cache:
            return None
        run = subprocess.run([compiler, *flags, "-fsyntax-only", "-x", "c++", "-"], input=f'#include "{name}"\n',
                             capture_output=True, text=True, cwd=root, check=False)
        if run.returncode == 0:
            cache.add(prints[name])
            return None
        error = next((line for line in run.stderr.splitlines() if "error" in line), run.stderr.strip())
        return f"{name}: does not compile alone: {error}"

    workers = min(2, os.cpu_count() or 1)
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        faults = [fault for fault in pool.map(compile_alone, headers) if fault]
    cache_path.write_text(json.dumps(sorted(cache & set(prints.values()))))
    print(f"{len(headers)} headers, {len(faults)} of them do not stand alone")
    return faults


def main(arguments):
    checks = {"includes": (check_includes, 1), "words": (check_words, 1), "headers": (check_headers, 2)}
    if not arguments or arguments[0] not in checks or len(arguments) != 1 + checks[arguments[0]][1]:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    check, _ = checks[arguments[0]]
    faults = check(*[pathlib.Path(path).resolve() for path in arguments[1:]])
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
