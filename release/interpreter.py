"""The Python of an archive for Linux: its C sources, compiled by zig for an older glibc.

zig brings the headers and symbols of each glibc for each machine, so that no other system is
needed. What Python needs of libraries is part of its modules; only glibc is taken from the system.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from release.sources import LIST, taken
from release.targets import BUILD, GLIBC, TARGETS, Target

_SQLITE = ("-DSQLITE_DQS=0", "-DSQLITE_ENABLE_JSON1")
_FFI = {
    "x86_64": ("x86/ffi64.c", "x86/unix64.S", "x86/ffiw64.c", "x86/win64.S"),
    "aarch64": ("aarch64/ffi.c", "aarch64/sysv.S"),
}
_FFI_EVERYWHERE = ("prep_cif.c", "types.c", "raw_api.c", "java_raw_api.c", "closures.c", "tramp.c")
# What its configure finds out on every Linux.
_FFI_KNOWN = """
STDC_HEADERS HAVE_ALLOCA_H HAVE_MEMCPY HAVE_MEMFD_CREATE HAVE_SYS_STAT_H HAVE_UNISTD_H
HAVE_INTTYPES_H HAVE_STDINT_H HAVE_STDLIB_H HAVE_STRING_H HAVE_LONG_DOUBLE HAVE_RO_EH_FRAME
HAVE_AS_CFI_PSEUDO_OP HAVE_AS_X86_PCREL HAVE_AS_X86_64_UNWIND_SECTION_TYPE
HAVE_HIDDEN_VISIBILITY_ATTRIBUTE FFI_EXEC_STATIC_TRAMP
SIZEOF_DOUBLE=8 SIZEOF_LONG_DOUBLE=16 SIZEOF_SIZE_T=8 EH_FRAME_FLAGS="a"
"""
# What it puts into its header.
_FFI_HEADER = {
    "VERSION": "3.4.8",
    "FFI_VERSION_STRING": "3.4.8",
    "FFI_VERSION_NUMBER": "30408",
    "HAVE_LONG_DOUBLE": "1",
    "FFI_EXEC_TRAMPOLINE_TABLE": "0",
}
# What Python does not use of OpenSSL, or nobody uses any more.
_NO_OPENSSL = """
shared tests apps docs asm module legacy engine cmp cms ct dtls quic srp ts ec2m aria bf camellia
cast idea md4 mdc2 rc2 rc4 rmd160 seed siphash whirlpool
"""
# What configure would run on the other machine to find out.
_KNOWN_THERE = ("ac_cv_file__dev_ptmx=yes", "ac_cv_file__dev_ptc=no", "ac_cv_buggy_getaddrinfo=no")
# What the program never loads.
_LEFT_OUT = """
config-* ensurepip idlelib lib2to3 pydoc_data test tkinter turtle* venv
unittest/test site-packages _pyrepl
"""


def interpreter(target: Target) -> Path:
    """Return a folder with bin/python3 and its lib, which is compiled once.

    Raises CalledProcessError.
    """
    recipe = sha256(Path(__file__).read_bytes() + LIST.read_bytes() + GLIBC.encode())
    done = BUILD / "python" / f"{target.name}-{recipe.hexdigest()[:12]}"
    if not done.exists():
        work = done.with_suffix(".work").resolve()
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        _Compiler(target, work).python().rename(done)
        shutil.rmtree(work)
    return done


class _Compiler(NamedTuple):
    """Compiles for a machine, in a folder."""

    target: Target
    folder: Path

    def python(self) -> Path:
        """Compile Python and the libraries that it needs. Return where it is."""
        self._make_tools()
        self._compile_zlib()
        self._compile_sqlite()
        self._compile_openssl()
        self._compile_ffi()
        source, libraries = self._unpacked("python3.13"), self.folder / "lib"
        linked = {"ZLIB": "-lz", "LIBSQLITE3": "-lsqlite3 -lm", "LIBFFI": "-lffi"}
        told = [f"{name}_LIBS=-L{libraries} {how}" for name, how in linked.items()]
        told += [f"{name}_CFLAGS=-I{self.folder}/include" for name in linked]
        told += ["ac_cv_lib_intl_textdomain=no", "LDFLAGS=-s", *self._elsewhere()]
        how = ("--prefix=/python", "--without-ensurepip", "--disable-test-modules")
        openssl = f"--with-openssl={self.folder}"
        self._run(source, "./configure", "-q", *how, "--with-pkg-config=no", openssl, *told)
        self._build(source)
        self._run(source, "make", "-s", "install", f"DESTDIR={self.folder}/out")
        return self._thinned(self.folder / "out" / "python", source)

    def _elsewhere(self) -> list[str]:
        """Return what configure needs for a machine that is not this one."""
        if self.target == TARGETS[0]:
            return []
        ours = interpreter(TARGETS[0]).resolve() / "bin" / "python3"
        host = f"--host={self.target.machine}-linux-gnu"
        return [host, "--build=x86_64-linux-gnu", f"--with-build-python={ours}", *_KNOWN_THERE]

    def _thinned(self, python: Path, source: Path) -> Path:
        """Return it without what no program needs, and with the licences of what is in it."""
        (modules,) = (python / "lib").glob("python3*")
        for each in [*_LEFT_OUT.split(), "**/__pycache__"]:
            for found in [*modules.glob(each)]:
                shutil.rmtree(found) if found.is_dir() else found.unlink()
        for data in modules.glob("_sysconfigdata*.py"):
            text = data.read_text("utf-8").replace(str(BUILD.resolve()), "")
            data.write_text(text, "utf-8")
        program = python / "bin" / "python3"
        content = program.read_bytes()
        for each in ("bin", "include", "share", "lib/pkgconfig"):
            shutil.rmtree(python / each)
        for library in (python / "lib").glob("*.a"):
            library.unlink()
        program.parent.mkdir()
        program.write_bytes(content)
        program.chmod(0o755)
        for folder in (source, *(self.folder / name for name in ("openssl", "libffi", "zlib"))):
            shutil.copy(min(folder.glob("LICENSE*")), python / f"LICENSE.{folder.name}")
        return python

    def _compile_zlib(self) -> None:
        source = self._unpacked("zlib")
        self._run(source, "./configure", "--static")
        self._build(source, "libz.a")
        self._install(source, "libz.a", "zlib.h", "zconf.h")

    def _compile_sqlite(self) -> None:
        source = self._unpacked("better-sqlite3@12.11.1") / "deps" / "sqlite3"
        self._archive(source, "sqlite3", ("sqlite3.c",), _SQLITE)
        self._install(source, "libsqlite3.a", "sqlite3.h")

    def _compile_openssl(self) -> None:
        source = self._unpacked("openssl")
        what = [f"no-{each}" for each in _NO_OPENSSL.split()]
        where = ("--prefix=/python", "--openssldir=/etc/ssl")
        self._run(source, "./Configure", f"linux-{self.target.machine}", *what, *where)
        self._build(source, "build_libs")
        shutil.copytree(source / "include" / "openssl", self.folder / "include" / "openssl")
        for library in ("libssl.a", "libcrypto.a"):
            self._install(source, library)

    def _compile_ffi(self) -> None:
        source, machine = self._unpacked("libffi"), self.target.machine
        known = [each.partition("=") for each in _FFI_KNOWN.split()]
        header = (source / "include" / "ffi.h.in").read_text()
        for name, value in {**_FFI_HEADER, "TARGET": machine.upper()}.items():
            header = header.replace(f"@{name}@", value)
        (source / "include" / "ffi.h").write_text(header)
        (source / "fficonfig.h").write_text(
            "".join(f"#define {name} {value or 1}\n" for name, _, value in known)
            + "#ifdef LIBFFI_ASM\n#define FFI_HIDDEN(name) .hidden name\n#else\n"
            '#define FFI_HIDDEN __attribute__((visibility("hidden")))\n#endif\n'
        )
        folder = Path(_FFI[machine][0]).parent
        folders = (".", "include", "src", f"src/{folder}")
        files = [f"src/{each}" for each in (*_FFI_EVERYWHERE, *_FFI[machine])]
        self._archive(source, "ffi", files, [f"-I{each}" for each in folders])
        headers = "include/ffi.h", f"src/{folder}/ffitarget.h"
        self._install(source, "libffi.a", *headers)

    def _make_tools(self) -> None:
        """Write the compiler and its like as programs.

        The folders that are named to the compiler are in no file that it makes.
        """
        shutil.unpack_archive(taken("ziglang"), self.folder, "zip")
        zig = self.folder / "ziglang" / "zig"
        zig.chmod(0o755)
        target = f"-target {self.target.machine}-linux-gnu.{GLIBC}"
        nameless = f"-Wno-date-time -fno-sanitize=undefined -ffile-prefix-map={self.folder}=."
        for tool, called in {
            "zcc": f"cc {target} {nameless}",
            "zar": "ar",
            "zranlib": "ranlib",
        }.items():
            program = self.folder / "bin" / tool
            program.parent.mkdir(exist_ok=True)
            program.write_text(f'#!/bin/sh\nexec "{zig}" {called} "$@"\n')
            program.chmod(0o755)

    def _unpacked(self, name: str) -> Path:
        """Return the folder of a source, named without its version."""
        shutil.unpack_archive(taken(name), self.folder / "unpacked")
        (top,) = (self.folder / "unpacked").iterdir()
        return top.rename(self.folder / name.partition("3.")[0].partition("@")[0])

    def _archive(self, source: Path, name: str, files: Sequence[str], how: Sequence[str]) -> None:
        objects = []
        for each in files:
            objects.append(f"{Path(each).stem}.o")
            self._run(source, "zcc", "-O2", "-fPIC", *how, "-c", each, "-o", objects[-1])
        self._run(source, "zar", "rcs", f"lib{name}.a", *objects)

    def _install(self, source: Path, library: str, *headers: str) -> None:
        for each, place in {library: "lib", **dict.fromkeys(headers, "include")}.items():
            (self.folder / place).mkdir(exist_ok=True)
            shutil.copy(source / each, self.folder / place)

    def _build(self, source: Path, *what: str) -> None:
        self._run(source, "make", "-s", f"-j{_processors()}", *what)

    def _run(self, folder: Path, *command: str) -> None:
        """Run a command. What it says is printed only where it fails."""
        surroundings = {
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "LC_ALL": "C.UTF-8",
            "SOURCE_DATE_EPOCH": "315532800",
            "ZIG_GLOBAL_CACHE_DIR": str(self.folder / "cache"),
            "CC": "zcc",
            "AR": "zar",
            "RANLIB": "zranlib",
            "CHOST": self.target.machine,
        }
        done = subprocess.run(
            command, cwd=folder, env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        if done.returncode:
            print(done.stdout.decode("utf-8", "replace")[-5000:])
            done.check_returncode()


def _processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def own_interpreter() -> Path:
    """Return a folder like that of `interpreter`, with the Python that runs this."""
    python = BUILD / "python" / "own"
    shutil.rmtree(python, ignore_errors=True)
    library = Path(os.__file__).parent
    left_out = shutil.ignore_patterns(*(Path(each).name for each in _LEFT_OUT.split()))
    shutil.copytree(library, python / "lib" / library.name, ignore=left_out)
    (python / "bin").mkdir()
    program = Path(sys.base_prefix, "bin", f"python{sys.version_info[0]}.{sys.version_info[1]}")
    shutil.copy(program, python / "bin" / "python3")
    return python
