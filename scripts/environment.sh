# shellcheck shell=sh
# Decides whether an environment stands; to be sourced, with `checkout` set to the checkout's path.
# shellcheck disable=SC2034,SC2154  # `environment` is for whoever sources this

# stands LINK LOCK: the environment behind it was made for this checkout, from these files, and its
# interpreter is still there; sets `environment` to its own folder, so that a process which started in it
# stays in it when the link moves on.
#
# `ready` is written last, so a half-made environment has none. A checkout that was moved or copied is
# another folder than the one named there, by whatever path either is reached.
stands() {
    [ -r "$1/ready" ] || return 1
    { IFS='' read -r made_for && IFS='' read -r environment; } <"$1/ready" || return 1
    # -nt and -ef are in POSIX since 2024; dash, busybox, bash, ksh and zsh have had them for decades.
    # shellcheck disable=SC3013
    [ "$made_for" -ef "$checkout" ] && [ -x "$environment/bin/python" ] &&
        ! [ "$checkout/$2" -nt "$1/ready" ] &&
        ! [ "$checkout/pyproject.toml" -nt "$1/ready" ]
}
