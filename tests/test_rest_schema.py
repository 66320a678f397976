"""The REST API: whatever is sent, each answer is one that is described."""

import re
import subprocess
import sys
from pathlib import Path

import requests

from tests.conftest import LOCAL
from tests.forks import shell

PREPARE = """
from odoo import fields
from datetime import timedelta
client = env["pakn.api.client"].create({
    "name": "E2E", "may_submit": True, "may_follow": True, "may_act": True,
    "limit_minute": 100000, "limit_day": 1000000,
})
end = fields.Datetime.now() + timedelta(days=1)
print("key", env["pakn.api.key"]._issue(client, end, 0), flush=True)
env.cr.commit()
"""
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_schema_conformance"
)


def issue_key(database):
    """Make a program that may do all, with a key; return the key."""
    log = LOCAL / "log" / f"{database}-key.log"
    process = shell(database, PREPARE, log)
    said = process.stdout.read()
    process.wait(120)
    log.unlink(missing_ok=True)
    return said[said.index("key pakn_") + 4 :].split()[0]


def test_whatever_is_sent_the_answer_is_described(database, start_server, tmp_path):
    key = issue_key(database)
    server = start_server("--max-cron-threads=0")
    base = f"{server.url}/api/v1"
    description = tmp_path / "openapi.json"
    description.write_bytes(requests.get(f"{base}/openapi.json", timeout=60).content)
    result = subprocess.run(
        [
            Path(sys.executable).with_name("schemathesis"),
            *("run", description, "--url", base, "--checks", CHECKS),
            *("--header", f"Authorization: Bearer {key}"),
            *("--max-examples", "12", "--seed", "1022", "--workers", "2"),
            *("--phases", "examples,fuzzing", "--no-color"),
            *("--suppress-health-check", "all", "--request-timeout", "30"),
        ],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
        cwd=tmp_path,
    )
    assert result.returncode == 0, (result.stdout + result.stderr)[-8000:]
    [count] = re.findall(r"(\d+) generated", result.stdout)
    assert int(count) > 100, result.stdout
    assert key not in server.log.read_text("utf-8")
    assert server.findings() == []
