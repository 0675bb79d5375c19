# shellcheck shell=sh
# How the scripts speak: on stderr, so that stdout stays the command's own. To be sourced.

say() {
    printf 'devtool: %s\n' "$1" >&2
}

# fail MESSAGE [HINT...]: say why it cannot go on and what helps, and leave with 2.
fail() {
    say "$1"
    shift
    for hint; do
        printf '  %s\n' "$hint" >&2
    done
    exit 2
}
