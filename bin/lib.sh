# What the scripts of bin/ share. Sourced, not run.
# shellcheck shell=bash
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
LOCAL=$ROOT/.local
VENV=$LOCAL/venv
PYTHON=$VENV/bin/python
PG=$LOCAL/pg
export DEMO_PASSWORD=1022gialai
# What Python has compiled, of Odoo's sources and ours, which themselves stay as they are
export PYTHONPYCACHEPREFIX=$LOCAL/pycache

say() { printf '%s\n' "$*"; }
step() { printf '  · %s\n' "$*"; }
die() {
    printf 'Error: %s\n' "$*" >&2
    exit 1
}

# A step writes its stamp last, so what was killed on the way is done anew.
stamp_is() { [ -f "$LOCAL/stamp/$1" ] && [ "$(cat "$LOCAL/stamp/$1")" = "$2" ]; }
set_stamp() {
    mkdir -p "$LOCAL/stamp"
    printf '%s\n' "$2" >"$LOCAL/stamp/$1.tmp"
    mv "$LOCAL/stamp/$1.tmp" "$LOCAL/stamp/$1"
}
hash_of() { cat "$@" | sha256sum | cut -c1-16; }

# The folder that holds the package `odoo`.
odoo_path() {
    if [ -z "${ODOO_HOME:-}" ]; then
        printf '%s\n' "$LOCAL/odoo/usr/lib/python3/dist-packages"
    elif [ -f "$ODOO_HOME/odoo/release.py" ]; then
        (cd "$ODOO_HOME" && pwd -P)
    elif [ -f "$ODOO_HOME/release.py" ]; then
        (cd "$ODOO_HOME/.." && pwd -P)
    else
        die "ODOO_HOME=$ODOO_HOME holds no Odoo (no odoo/release.py)."
    fi
}

check_odoo_version() {
    local version
    version=$(sed -n 's/^version_info *= *(\([0-9]*\), *\([0-9]*\).*/\1.\2/p' "$1/odoo/release.py")
    [ "$version" = 19.0 ] || die "$1 is Odoo ${version:-of an unknown version}; Odoo 19.0 is needed."
}

conf_value() { sed -n "s/^$1 *= *//p" "$ROOT/odoo.conf" | tail -1; }
uses_private_cluster() {
    case "$(conf_value db_host)" in '' | False) true ;; *) false ;; esac
}

pg_bin() {
    local found
    found=$(find /usr/lib/postgresql -maxdepth 3 -name postgres -path '*/bin/*' 2>/dev/null | sort -V | tail -1)
    [ -n "$found" ] || found=$(command -v postgres || true)
    [ -n "$found" ] || die "PostgreSQL's server is not installed (Debian: apt-get install postgresql)."
    dirname "$(readlink -f "$found")"
}

# PostgreSQL refuses to run as root: root's cluster runs as an unprivileged user,
# who may pass through the checkout's folders even where only root may.
pg_user() { if [ "$(id -u)" = 0 ]; then if id postgres >/dev/null 2>&1; then echo postgres; else echo nobody; fi; else id -un; fi; }
as_pg() {
    if [ "$(id -u)" != 0 ]; then
        (cd / && "$@")
    else
        local user group
        user=$(pg_user)
        group=$(id -gn "$user")
        if setpriv --reuid="$user" --regid="$group" --init-groups --inh-caps=+dac_read_search \
            --ambient-caps=+dac_read_search true 2>/dev/null; then
            (cd / && setpriv --reuid="$user" --regid="$group" --init-groups \
                --inh-caps=+dac_read_search --ambient-caps=+dac_read_search "$@")
        else
            (cd / && setpriv --reuid="$user" --regid="$group" --init-groups "$@")
        fi
    fi
}

# A socket's path may have 107 bytes at most.
pg_socket_dir() {
    if [ ${#PG} -le 80 ]; then
        printf '%s\n' "$PG/run"
    else
        printf '%s/pakn-%s\n' "${XDG_RUNTIME_DIR:-/tmp}" "$(printf %s "$ROOT" | sha256sum | cut -c1-12)"
    fi
}

pg_is_up() { as_pg "$(pg_bin)/pg_isready" -q -h "$(pg_socket_dir)"; }

start_cluster() {
    uses_private_cluster || return 0
    [ -f "$LOCAL/stamp/cluster" ] || die "The database cluster is not set up yet; run bin/setup."
    pg_is_up && return 0
    local sockets
    sockets=$(pg_socket_dir)
    mkdir -p "$sockets"
    [ "$(id -u)" != 0 ] || chown "$(pg_user)" "$sockets"
    # Closing 9 lets a lock of the caller go: the server outlives it.
    as_pg "$(pg_bin)/pg_ctl" -s -w -t 60 -D "$PG/data" -l "$PG/data/server.log" \
        -o "-c listen_addresses='' -c unix_socket_directories='$sockets'" start \
        9>&- >/dev/null 2>&1 || pg_is_up || die "The database server did not start; see $PG/data/server.log."
}

stop_cluster() {
    [ -f "$PG/data/postmaster.pid" ] || return 0
    as_pg "$(pg_bin)/pg_ctl" -s -m fast -D "$PG/data" stop || true
}

# Complete odoo.conf with the folders of this checkout.
write_conf() {
    local sockets=
    ! uses_private_cluster || sockets=$(pg_socket_dir)
    ODOO_PATH=$(odoo_path) SOCKETS=$sockets ROOT=$ROOT "$PYTHON" - <<'PY'
import configparser, os, secrets, tempfile

root, local = os.environ["ROOT"], os.environ["ROOT"] + "/.local"
conf = configparser.RawConfigParser()
conf.read(root + "/odoo.conf", encoding="utf-8")
options = conf["options"]
paths = [os.environ["ODOO_PATH"] + "/odoo/addons", os.environ["ODOO_PATH"] + "/addons"]
options["addons_path"] = ",".join([p for p in paths if os.path.isdir(p)] + [root + "/addons"])
options["data_dir"] = local + "/data"
if os.environ["SOCKETS"]:
    options["db_host"] = os.environ["SOCKETS"]
    options["db_user"] = "odoo"
    options["db_template"] = "pakn_template"
options["admin_passwd"] = os.environ.get("ODOO_ADMIN_PASSWD") or secrets.token_urlsafe(32)
handle, name = tempfile.mkstemp(dir=local)
with os.fdopen(handle, "w", encoding="utf-8") as file:
    conf.write(file)
os.replace(name, local + "/odoo.conf")
PY
}

# Environment in which Odoo runs; everything that calls Odoo comes by here.
enter_odoo() {
    if [ ! -x "$PYTHON" ] || [ ! -f "$LOCAL/stamp/venv" ]; then
        die "Not set up yet; run 'make run' or bin/setup first."
    fi
    local path
    path=$(odoo_path)
    [ -d "$path" ] || die "Odoo is not there yet; run 'make run' or bin/setup first."
    check_odoo_version "$path"
    start_cluster
    write_conf
    if ! uses_private_cluster; then
        ODOO_RC=$LOCAL/odoo.conf PYTHONPATH=$path "$PYTHON" -c '
import sys
from odoo.tools import config
config.parse_config([])
from odoo.sql_db import connection_info_for
import psycopg2
try:
    psycopg2.connect(**connection_info_for("postgres")[1]).close()
except psycopg2.OperationalError as error:
    sys.exit(str(error))' 2>/dev/null ||
            die "The database server that odoo.conf names ($(conf_value db_host)) does not answer."
    fi
    # What the server writes (logs, sessions, files of requests) is its own to read.
    umask 077
    export ODOO_RC=$LOCAL/odoo.conf PYTHONPATH=$path${PYTHONPATH:+:$PYTHONPATH}
}
odoo_cmd() { "$PYTHON" -m odoo "$@"; }

# SQL as Odoo's own user; prints bare values.
sql() {
    local database=$1
    shift
    "$PYTHON" - "$database" "$@" <<'PY'
import sys
from odoo.tools import config
config.parse_config([])
import psycopg2
from odoo.sql_db import connection_info_for
connection = psycopg2.connect(**connection_info_for(sys.argv[1])[1])
connection.autocommit = True
with connection.cursor() as cursor:
    for statement in sys.argv[2:]:
        cursor.execute(statement)
    if cursor.description:
        for row in cursor.fetchall():
            print(*row)
PY
}
db_exists() { [ -n "$(sql postgres "SELECT 1 FROM pg_database WHERE datname = '$1'")" ]; }
drop_db() {
    sql postgres "DROP DATABASE IF EXISTS \"$1\" WITH (FORCE)"
    rm -rf "$LOCAL/data/filestore/$1"
}

check_db_name() {
    [[ $1 =~ ^[a-z][a-z0-9_]{0,40}$ ]] || die "DB=$1 is no good name: small letters, digits and _ only."
}
our_addons() { # [names to leave out]
    local addon name
    for addon in "$ROOT"/addons/*/__manifest__.py; do
        name=$(basename "$(dirname "$addon")")
        case " $* " in *" $name "*) ;; *) printf '%s\n' "$name" ;; esac
    done
}
joined() { paste -sd, -; }
addon_hash() { (cd "$ROOT/addons/$1" && find . -type f -not -path '*/tests/*' -not -name '*.pyc' -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16); }

# Make a database with addons $2 (comma-separated) under name $1, whole or not at all:
# it gets its name when it is complete. $3: log file; $4: further Odoo options.
make_db() {
    local name=$1 addons=$2 log=$3
    shift 3
    local draft=${name}__draft
    drop_db "$draft"
    rm -rf "$LOCAL/data/filestore/$name"
    : >"$log" # what an earlier attempt stumbled over does not count
    if ! odoo_cmd -d "$draft" -i "$addons" --load-language=vi_VN --without-demo=True \
        --stop-after-init --no-http --workers=0 --max-cron-threads=0 --logfile="$log" "$@" 2>>"$log"; then
        drop_db "$draft"
        die "The database could not be made; see $log."
    fi
    if grep -q -E ' (ERROR|CRITICAL) ' "$log"; then
        drop_db "$draft"
        grep -E ' (ERROR|CRITICAL) ' "$log" | head -5 >&2
        die "The database could not be made; see $log."
    fi
}
finish_db() {
    local name=$1
    [ ! -d "$LOCAL/data/filestore/${name}__draft" ] ||
        mv "$LOCAL/data/filestore/${name}__draft" "$LOCAL/data/filestore/$name"
    sql postgres "ALTER DATABASE \"${name}__draft\" RENAME TO \"$name\""
}

# How PostgreSQL's own programs reach the server that Odoo uses
pg_environment() {
    local key value
    if uses_private_cluster; then
        PGHOST=$(pg_socket_dir)
        PGUSER=odoo
        export PGHOST PGUSER
        return 0
    fi
    for key in host port user password; do
        value=$(conf_value "db_$key")
        case "$value" in '' | False) ;; *) export "PG${key^^}=$value" ;; esac
    done
}

free_port() { "$PYTHON" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
port_is_free() { "$PYTHON" -c 'import socket, sys; s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind((sys.argv[1], int(sys.argv[2])))' "$1" "$2" 2>/dev/null; }

# Encrypted backups: a keyring of their own in folder $2, which goes with the work.
check_backup_key() {
    command -v gpg >/dev/null || die "Encrypting needs GnuPG: apt install gnupg."
    [ -r "$1" ] || die "There is no key $1."
    grep -q -e '-----BEGIN PGP ' "$1" || [ "$(head -n1 "$1" | tr -d '\n' | wc -c)" -ge 16 ] ||
        die "The passphrase in $1 is shorter than 16 characters."
}
backup_gpg() { # folder, arguments of gpg
    local folder=$1
    shift
    [ -d "$folder" ] || mkdir -m 700 "$folder"
    local status=0
    gpg --homedir "$folder" --batch --quiet --no-tty --pinentry-mode loopback "$@" || status=$?
    gpgconf --homedir "$folder" --kill all >/dev/null 2>&1 || true
    return "$status"
}
encrypt_backup() {
    if grep -q -e '-----BEGIN PGP ' "$1"; then
        backup_gpg "$2" --trust-model always --compress-algo none --recipient-file "$1" --encrypt
    else
        backup_gpg "$2" --cipher-algo AES256 --compress-algo none --passphrase-file "$1" --symmetric
    fi
}
decrypt_backup() {
    if grep -q -e '-----BEGIN PGP ' "$1"; then
        backup_gpg "$2" --import "$1" 2>/dev/null || return 1
        backup_gpg "$2" --trust-model always --decrypt "$3" 2>/dev/null
    else
        backup_gpg "$2" --passphrase-file "$1" --decrypt "$3" 2>/dev/null
    fi
}
