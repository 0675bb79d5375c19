# shellcheck shell=sh
# Finds a Python that really runs and can make an environment; to be sourced.
# shellcheck disable=SC2034  # what it finds is for whoever sources it

NEWEST_FIRST="3.14 3.13 3.12 3.11 3.10"

# Says what an interpreter is good for:
#   whole  it makes environments with pip in them
#   pip    it lacks ensurepip (Debian without python3-venv), but its own pip can fill an environment
#   bare   only uv can make something of it
# and where it really lies: an environment made from another environment, or from a name such as
# /usr/bin/python3 that means another version after an upgrade, breaks with it.
# Every Python since 2.6 can read this.
JUDGEMENT='
import sys
if sys.version_info < (3, 10):
    print("old %d.%d.%d" % sys.version_info[:3])
    sys.exit()
import os
def works(module):
    # Debian may leave the folder of a module whose package is gone; it imports, as an empty namespace.
    try:
        return __import__(module).__spec__.origin is not None
    except Exception:
        return False
if all(map(works, ("ssl", "venv", "zlib"))):
    kind = "whole" if works("ensurepip") else "pip" if works("pip") else "bare"
else:
    kind = "bare"
base = os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)
print("environment" if sys.prefix != sys.base_prefix else kind, base)
'

# find_interpreter WITH_UV: set `interpreter` and `kind`, or leave them empty; `refused` tells what was seen.
find_interpreter() {
    interpreter='' kind='' refused='' with_uv=$1 second_best=''
    if [ -n "${DEVTOOL_PYTHON:-}" ]; then
        consider "$(command -v "$DEVTOOL_PYTHON" || printf %s "$DEVTOOL_PYTHON")" || take_second_best
        return 0
    fi
    consider_path || consider_version_managers || consider_known_places || take_second_best
}

# consider PATH: succeed when it is the one to take; keep one that would do as second best.
consider() {
    [ -x "$1" ] && [ ! -d "$1" ] || return 1
    # Apple's /usr/bin/python3 is 3.9 at best, and opens a window where the developer tools are missing.
    if [ "$1" = /usr/bin/python3 ] && [ "$(uname -s)" = Darwin ]; then return 1; fi
    # In `/` no .python-version of the checkout decides what a version manager's shim means.
    verdict=$(cd / && "$1" -c "$JUDGEMENT" 2>/dev/null </dev/null) || return 1
    found=${verdict#* }
    case $verdict in
        old\ *) refused="$refused, \`$1\` is $found"; return 1 ;;
        environment\ *) [ "$found" != "$1" ] && consider "$found"; return ;;
        whole\ *) ;;
        pip\ * | bare\ *)
            if [ -z "$with_uv" ]; then
                refused="$refused, \`$1\` has no ensurepip"
                case $second_best in pip\ *) ;; *) second_best=$verdict ;; esac
                return 1
            fi ;;
        *) return 1 ;;
    esac
    interpreter=$found kind=${verdict%% *}
}

take_second_best() {
    case $second_best in pip\ *) interpreter=${second_best#pip } kind=pip ;; esac
}

consider_path() {
    folders=$PATH:
    while [ -n "$folders" ]; do
        folder=${folders%%:*} folders=${folders#*:}
        # A relative entry would run what the current folder holds.
        case $folder in /*) consider_folder "$folder" && return ;; esac
    done
    return 1
}

consider_folder() {
    consider "$1/python3" && return
    for version in $NEWEST_FIRST; do
        consider "$1/python$version" && return
    done
    consider "$1/python"
}

consider_version_managers() {
    for home in "${HOME:-}" "$(home_of_the_account)"; do
        [ -n "$home" ] || continue
        consider_each \
            "$home"/.pyenv/versions/3.1[0-9]*/bin/python3 \
            "$home"/.asdf/installs/python/3.1[0-9]*/bin/python3 \
            "$home"/.local/share/mise/installs/python/3.1[0-9]*/bin/python3 \
            "$home"/.local/share/uv/python/cpython-3.1[0-9]*/bin/python3 && return
    done
    consider_each \
        "${PYENV_ROOT:-/nonexistent}"/versions/3.1[0-9]*/bin/python3 \
        "${ASDF_DATA_DIR:-/nonexistent}"/installs/python/3.1[0-9]*/bin/python3 \
        "${MISE_DATA_DIR:-/nonexistent}"/installs/python/3.1[0-9]*/bin/python3 \
        "${XDG_DATA_HOME:-/nonexistent}"/mise/installs/python/3.1[0-9]*/bin/python3 \
        "${XDG_DATA_HOME:-/nonexistent}"/uv/python/cpython-3.1[0-9]*/bin/python3 \
        "${UV_PYTHON_INSTALL_DIR:-/nonexistent}"/cpython-3.1[0-9]*/bin/python3
}

consider_known_places() {
    for prefix in "${HOMEBREW_PREFIX:-/nonexistent}" /opt/homebrew /home/linuxbrew/.linuxbrew /usr/local /usr; do
        consider_folder "$prefix/bin" && return
        consider_each "$prefix"/opt/python@3.1[0-9]*/bin/python3.1[0-9] && return
    done
    return 1
}

consider_each() {
    for candidate; do
        consider "$candidate" && return
    done
    return 1
}

# HOME may be a fresh one (`env -i`, a CI job); the version manager lies where the account says.
home_of_the_account() {
    account=$(id -un 2>/dev/null) || return 0
    case $account in
        '' | *[!A-Za-z0-9._-]*) ;; # it goes through `eval`
        *) eval "printf %s ~$account" ;;
    esac
}
