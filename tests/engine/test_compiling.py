"""Machine code on disk: kept, told apart by its sources, mended where it is damaged, done without where none can be kept."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sim import compiling
from sim.engine.compiled.play import play

TOY = '''
"""A toy."""

STEP = {step}


def added(at: int) -> int:
    """So much more."""
    return at + STEP
'''
ASKS = """
import sys, numba, toy.adding as adding
from sim.compiling import compiled, is_kept, kept_in
hits = []
from numba.core.caching import Cache
load = Cache.load_overload
def told(*args):
    found = load(*args)
    hits.append(found is not None)
    return found
Cache.load_overload = told
was_kept = is_kept(adding.added)
print(compiled(adding.added, "int64(int64)")(40), hits, kept_in(adding.added))
assert was_kept == (hits == [True])
assert is_kept(adding.added) == bool(hits)
"""


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    """A package with one function to be compiled, in a folder of its own."""
    (tmp_path / "toy").mkdir()
    (tmp_path / "toy" / "__init__.py").write_text("")
    _write(tmp_path, 2)
    return tmp_path


def _write(folder: Path, step: int) -> None:
    (folder / "toy" / "adding.py").write_text(TOY.format(step=step))


def _asked(folder: Path, **more: str) -> list[str]:
    """What a fresh process prints: the result, whether the code was found on disk, and where it is kept."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NUMBA_")}
    environment |= {"PYTHONPATH": f"{folder}{os.pathsep}{Path(__file__).parents[2]}", "PYTHONDONTWRITEBYTECODE": "1", **more}
    done = subprocess.run([sys.executable, "-c", ASKS], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.split(maxsplit=2)


def test_code_is_made_once_and_then_found(toy: Path) -> None:
    """A second process takes the machine code of the first from disk, beside the sources."""
    result, found, kept = _asked(toy)
    assert (result, found) == ("42", "[False]")
    assert Path(kept.strip()).parent == toy / "toy" / "__pycache__"
    assert _asked(toy)[:2] == ["42", "[True]"]


def test_a_changed_constant_never_meets_old_code(toy: Path) -> None:
    """The constant is compiled in: with another, of equal length and of the same second, code is made anew, the old gone."""
    _, _, before = _asked(toy)
    stamp = (toy / "toy" / "adding.py").stat()
    _write(toy, 3)
    os.utime(toy / "toy" / "adding.py", ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    result, found, after = _asked(toy)
    assert (result, found) == ("43", "[False]")
    assert before != after
    assert not Path(before.strip()).exists()


@pytest.mark.parametrize("damage", [b"", b"\x80\x05 not what it was"])
def test_damaged_code_is_made_anew(toy: Path, damage: bytes) -> None:
    """Files cut short or overwritten are thrown away; the process after finds good ones."""
    _, _, kept = _asked(toy)
    for file in Path(kept.strip()).rglob("*.nb?"):
        file.write_bytes(damage)
    assert _asked(toy)[0] == "42"
    assert _asked(toy)[:2] == ["42", "[True]"]


def test_where_nothing_can_be_written_there_is_no_cache(toy: Path) -> None:
    """With a file in the way of every folder, code is made each time, and works."""
    (toy / "toy" / "__pycache__").write_text("a file, not a folder")
    (toy / "cache").write_text("a file, not a folder")
    assert [word.strip() for word in _asked(toy, XDG_CACHE_HOME=str(toy / "cache"))] == ["42", "[]", "None"]


def test_the_users_word_on_where_code_is_kept_counts(toy: Path) -> None:
    """NUMBA_CACHE_DIR comes before all else."""
    assert Path(_asked(toy, NUMBA_CACHE_DIR=str(toy / "mine"))[2].strip()).parent == toy / "mine"


def test_all_that_is_compiled_into_the_kernel_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever module of the simulator the kernel takes a function or a kind from, a change of it makes another folder."""
    package = Path(compiling.__file__).parent
    copy = tmp_path / "sim"
    shutil.copytree(package, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(compiling, "_HERE", copy)
    digest = compiling._digest.__wrapped__
    before = digest(copy / "engine" / "compiled")
    for module in _modules_of(play):
        source = copy / Path(*module.split(".")[1:]).with_suffix(".py")
        text = source.read_bytes()
        source.write_bytes(text + b"\n")
        assert digest(copy / "engine" / "compiled") != before, module
        source.write_bytes(text)


def _modules_of(function: Any) -> set[str]:
    """The simulator's modules from which a compiled function takes functions and constants, and those take theirs."""
    found: set[str] = set()
    to_see, seen = [function], set[Any]()
    while to_see:
        one = to_see.pop()
        if one in seen:
            continue
        seen.add(one)
        found.add(one.__module__)
        for name in one.__code__.co_names:
            value = one.__globals__.get(name)
            inner = getattr(value, "py_func", None)
            if inner is not None:
                to_see.append(inner)
            elif isinstance(value, type) and value.__module__.startswith("sim."):
                found.add(value.__module__)
    return found
