"""The scripts of bin/: each trouble is one clear sentence and a non-zero exit."""

import ast
import os
import re
import shutil
import socket
import subprocess

import pytest

from tests.conftest import LOCAL, ROOT, free_port


def run(*command, cwd=ROOT, **env):
    return subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )


def sentence(result):
    """Return the one sentence in which a script said what is wrong."""
    assert result.returncode != 0, result.stdout
    [line] = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
    return line


@pytest.fixture
def checkout(tmp_path):
    """Return another checkout that shares what is set up here, but no database."""
    for name in ("bin", "addons"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("odoo.conf", "requirements.txt", "requirements-dev.txt"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / ".local").mkdir()
    shutil.copytree(LOCAL / "stamp", tmp_path / ".local/stamp")
    (tmp_path / ".local/stamp/cluster").unlink(missing_ok=True)
    for name in ("venv", "odoo"):
        (tmp_path / ".local" / name).symlink_to(LOCAL / name)
    return tmp_path


def test_a_port_in_use():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        sock.listen()
        port = str(sock.getsockname()[1])
        result = run("bin/run", PORT=port, DB="pakn_never")
    assert f"Port {port} is in use" in sentence(result)


@pytest.mark.parametrize("name", ["Bad", "1pakn", "a-b", "x; DROP", "a" * 60])
def test_a_bad_database_name(name):
    assert "no good name" in sentence(run("bin/run", DB=name))


def test_an_empty_database_asks_for_a_password():
    options = {"PORT": str(free_port()), "DB": "pakn_never", "DEMO": "0"}
    assert "ADMIN_PASSWORD" in sentence(run("bin/run", ADMIN_PASSWORD="", **options))
    assert "8 characters" in sentence(run("bin/run", ADMIN_PASSWORD="short", **options))


def test_another_odoo_version(tmp_path):
    (tmp_path / "odoo").mkdir()
    (tmp_path / "odoo/release.py").write_text("version_info = (18, 0, 0, FINAL, 0)\n")
    result = run("bin/setup", ODOO_HOME=str(tmp_path))
    assert "is Odoo 18.0; Odoo 19.0 is needed" in sentence(result)
    assert "holds no Odoo" in sentence(run("bin/setup", ODOO_HOME="/nowhere"))


def test_a_database_server_that_is_down(checkout):
    conf = checkout / "odoo.conf"
    conf.write_text(
        conf.read_text("utf-8").replace(
            "db_host = False", f"db_host = 127.0.0.1\ndb_port = {free_port()}"
        ),
        "utf-8",
    )
    assert "does not answer" in sentence(run("bin/odoo", "--version", cwd=checkout))


def test_no_network(checkout):
    (checkout / ".local/stamp/venv").unlink()
    (checkout / ".local/venv").unlink()
    (checkout / "requirements.txt").write_text("a-package-that-is-nowhere==1\n")
    nowhere = f"http://127.0.0.1:{free_port()}"
    result = run("bin/setup", cwd=checkout, PIP_INDEX_URL=nowhere, PIP_RETRIES="0")
    assert "could not be installed (no network?)" in sentence(result)
    assert not (checkout / ".local/stamp/venv").exists(), "taken for complete"


def test_nothing_set_up_yet(checkout):
    (checkout / ".local/stamp/venv").unlink()
    assert "run 'make run' or bin/setup first" in sentence(
        run("bin/odoo", "--version", cwd=checkout)
    )


def test_a_reset_asks_first():
    assert "no database pakn_never" in sentence(run("bin/reset", DB="pakn_never"))


def test_help_names_the_two_commands():
    out = run("make").stdout
    assert "make run" in out and "make test" in out


def test_odoo_command_is_odoos_own():
    result = run("bin/odoo", "--version")
    assert result.returncode == 0 and "19.0" in result.stdout


def test_docker_has_every_addon_and_what_it_needs():
    manifests = {
        path.parent.name: ast.literal_eval(path.read_text("utf-8"))
        for path in ROOT.glob("addons/*/__manifest__.py")
        if path.parent.name != "pakn_1022_demo"
    }
    compose = (ROOT / "docker-compose.yml").read_text("utf-8")
    [installed] = re.findall(r"odoo -d pakn -i (\S+)", compose)
    assert installed.split(",") == sorted(manifests)
    needed = {
        package
        for manifest in manifests.values()
        for package in manifest.get("external_dependencies", {}).get("python", ())
    }
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    [ours] = re.findall(r"\^\(([\w|-]+)\)==", dockerfile)
    # These Odoo needs itself, so its image has them
    odoos = {"PyPDF2", "asn1crypto", "chardet", "cryptography", "qrcode", "xlsxwriter"}
    odoos |= {"openpyxl", "python-magic", "zeep"}
    assert needed - odoos == set(ours.split("|"))
