"""bin/backup and bin/restore: what is restored is the same and can be worked with."""

import os
import subprocess
import uuid

import pytest

from tests.conftest import LOCAL, ROOT, Server, execute, wait_for_drops

COUNTS = """SELECT (SELECT count(*) FROM pakn_ticket),
    (SELECT count(*) FROM pakn_event),
    (SELECT count(*) FROM ir_attachment WHERE store_fname IS NOT NULL)"""


def run(*command):
    return subprocess.run(
        [ROOT / command[0], *command[1:]],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture
def name():
    """Yield a free name for a restored database."""
    name = f"pakn_e2e_{uuid.uuid4().hex[:8]}"
    yield name
    execute("postgres", f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    subprocess.run(["rm", "-rf", LOCAL / "data/filestore" / name], check=True)
    (LOCAL / "log" / f"{name}.log").unlink(missing_ok=True)


def databases():
    wait_for_drops()
    return {row[0] for row in execute("postgres", "SELECT datname FROM pg_database")}


def test_what_is_restored_is_worked_with(database, name, tmp_path):
    archive, folder = tmp_path / "pakn.tar.gpg", tmp_path / "keys"
    folder.mkdir()
    key, other = folder / "key", folder / "other"
    key.write_text("một câu dài để mã hóa bản sao lưu\n")
    other.write_text("một câu khác, cũng dài như thế\n")
    result = run("bin/backup", "-d", database, "-k", key, archive)
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == str(archive)
    assert os.stat(archive).st_mode & 0o077 == 0, "nobody else reads it"
    assert set(tmp_path.iterdir()) == {archive, folder}, "nothing is left over"
    content = archive.read_bytes()
    assert b"PGDMP" not in content and b"database.dump" not in content

    for wrong in ((), ("-k", other)):
        result = run("bin/restore", *wrong, archive, name)
        assert result.returncode == 1
        assert str(archive) in result.stderr
        assert name not in databases()
    result = run("bin/restore", "-k", key, archive, name)
    assert result.returncode == 0, result.stderr
    assert "0 do not fit" in result.stdout
    assert execute(name, COUNTS) == execute(database, COUNTS)
    files = {
        path
        for [path] in execute(
            name,
            "SELECT DISTINCT store_fname FROM ir_attachment WHERE store_fname > ''",
        )
    }
    stored = LOCAL / "data/filestore" / name
    assert files
    assert all((stored / path).is_file() for path in files)

    server = Server(name).start()
    try:
        operator = server.client("nhanvien")
        [ticket] = operator.call(
            "pakn.ticket", "search", [("state", "=", "new")], limit=1
        )
        operator.call("pakn.ticket", "cancel", [ticket], "Thử sau khi phục hồi")
        found = operator.call("pakn.unit", "name_search", "so xay dung")
        assert found[0][1] == "Sở Xây dựng"
    finally:
        server.stop()
    # The triggers that keep the record came along.
    with pytest.raises(Exception, match="Art. 9"):
        execute(name, "DELETE FROM pakn_event")


def test_each_trouble_is_a_sentence_and_leaves_nothing(database, name, tmp_path):
    archive = tmp_path / "pakn.tar"
    assert run("bin/backup", "-d", database, archive).returncode == 0
    before = databases()
    cut = tmp_path / "cut.tar"
    cut.write_bytes(archive.read_bytes()[:5000])
    damaged = bytearray(archive.read_bytes())
    place = damaged.index(b"PGDMP") + 4000
    damaged[place : place + 4] = b"XXXX"
    (tmp_path / "damaged.tar").write_bytes(damaged)
    for command, sentence in (
        (("bin/backup", "-d", "pakn_never"), "no database pakn_never"),
        (("bin/backup", "-d", database, archive), "is there already"),
        (("bin/backup", "-d", database, "/nowhere/x.tar"), "no folder"),
        (("bin/restore", archive, database), "already"),
        (("bin/restore", archive, "Bad-Name"), "no good name"),
        (("bin/restore", tmp_path / "none.tar", name), "no file"),
        (("bin/restore", cut, name), "cut short"),
        (("bin/restore", tmp_path / "damaged.tar", name), "damaged"),
    ):
        result = run(*command)
        assert result.returncode != 0, command
        assert sentence in result.stderr, (command, result.stderr)
    assert databases() == before
