# Make room for a person in a container, once and as root. For any POSIX shell, Busybox's included.
#
# Arguments: UID GID, the NAME to take where the user is new, the NAME that a devcontainer.json wants, the
# HOME that the container's environment decides, the WORKSPACE, the folder of cargo's cache, then folders:
#   all:PATH    belongs to the person with all that lies in it
#   root:PATH   what belongs to root there becomes the person's
#   top:PATH    as root:, but the folder alone, and only if the person cannot write to it as it is
# Each may be empty. Nobody is turned away for what does not work out: what the person cannot write to is told.
# Answers on standard output, a `key=value` a line: name, home, CARGO_HOME, RUSTUP_HOME, closed (a folder).
uid=$1 gid=$2 name=$3 remote=$4 home=$5 workspace=$6 cargo=$7
shift 7
PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
exec 3>&1 >&2
umask 022

have() { command -v "$1" >/dev/null 2>&1; }

say() { printf '%s\n' "$1" >&3; }

facts() {
  set -f
  # shellcheck disable=SC2046  # the words are what is wanted
  set -- $(ls -ldn "$1" 2>/dev/null)
  set +f
  mode=${1-} owner=${3-} group=${4-}
}

# Where the engine maps users, root has no power over what is nobody's inside.
mapped() {
  read -r _ outside _ </proc/self/uid_map && [ "$outside" != 0 ]
}

writable() {
  facts "$1"
  if [ "$uid" = 0 ]; then
    [ -d "$1" ] && { [ "$owner" != "$(cat /proc/sys/kernel/overflowuid)" ] || ! mapped; }
    return
  fi
  case $mode in
    d???????w*) ;;
    d????w*) [ "$group" = "$gid" ] || [ "$owner" = "$uid" ] ;;
    d*) [ "$owner" = "$uid" ] ;;
    *) false ;;
  esac
}

# The first level tells: a tree that belongs already is not walked.
give() {
  [ -d "$2" ] || return 0
  case $1 in
    top)
      writable "$2" || { facts "$2"; [ "$owner" != 0 ]; } || chown "$uid:$gid" "$2"
      return
      ;;
    all) set -- "$2" ! -user "$uid" ;;
    root) set -- "$2" -user 0 ;;
  esac
  tree=$1
  shift
  find "$tree" -maxdepth 1 "$@" 2>/dev/null | read -r _ || return 0
  # A line for every few thousand files: whoever waits outside gives up on silence.
  find "$tree" -xdev "$@" -exec sh -c 'chown -h "$0" "$@"; echo' "$uid:$gid" {} +
}

# Those between the folder and one above it that were made as root on the way there.
give_above() {
  above=${2%/*}
  while [ "${above#"$1"/}" != "$above" ]; do
    give top "$above"
    above=${above%/*}
  done
}

# Lets everybody through to what lies in the folder, without letting them list root's home.
pass() {
  below=$1
  while [ -n "$below" ]; do
    chmod a+x "$below"
    below=${below%/*}
  done
}

open() {
  chmod a+r "$1"
  pass "$1"
}

line_of() { # FILE NUMBER: the name and the home in the first line of that number
  while IFS=: read -r found _ number _ _ place _ || [ -n "$number" ]; do
    [ "$number" = "$2" ] && return 0
  done <"$1"
  found='' place=''
  return 1
}

taken() {
  while IFS=: read -r found _ || [ -n "$found" ]; do
    [ "$found" = "$2" ] && return 0
  done <"$1"
  return 1
}

append() {
  [ -z "$(tail -c 1 "$1")" ] || echo >>"$1"
  printf '%s\n' "$2" >>"$1"
}

# A user that is there under another number takes the person's, with what was theirs at home.
renumber() {
  old=$(id -u "$1") kept=$(grep "^$1:" /etc/passwd | cut -d: -f6)
  lines=$(sed "s/^\($1:[^:]*\):[0-9]*:[0-9]*:/\1:$uid:$gid:/" /etc/passwd) && printf '%s\n' "$lines" >/etc/passwd
  [ "$old" = 0 ] || [ ! -d "$kept" ] || find "$kept" -xdev -user "$old" -exec chown -h "$uid:$gid" {} +
}

settle_user() {
  [ -f /etc/passwd ] || echo root:x:0:0:root:/root:/bin/sh >/etc/passwd
  [ -f /etc/group ] || echo root:x:0: >/etc/group
  if line_of /etc/passwd "$uid"; then
    name=$found
    return
  fi
  shell=/bin/sh
  [ ! -x /bin/bash ] || shell=/bin/bash
  [ -n "$name" ] && ! taken /etc/passwd "$name" && [ "$name" != "$remote" ] || name=user$uid
  if ! line_of /etc/group "$gid"; then
    called=${remote:-$name}
    ! taken /etc/group "$called" || called=group$gid
    { have groupadd && groupadd -o -g "$gid" "$called"; } || append /etc/group "$called:x:$gid:"
  fi
  if [ -n "$remote" ] && taken /etc/passwd "$remote"; then
    renumber "$remote"
    name=$remote
    return
  fi
  name=${remote:-$name}
  new=/home/$name
  { have useradd && useradd -o -M -l -u "$uid" -g "$gid" -d "$new" -s "$shell" "$name"; } ||
    line_of /etc/passwd "$uid" ||
    append /etc/passwd "$name:x:$uid:$gid:$name:$new:$shell"
}

# Sets home; the last resort is there while the container runs.
settle_home() {
  line_of /etc/passwd "$uid"
  if [ "$uid" = 0 ]; then
    home=${home:-${place:-/root}}
    return
  fi
  for each in "$home" "$place" "/home/$name" "/tmp/home-$uid"; do
    case $each in
      "" | / | /nonexistent* | /dev/* | /proc/* | /root | /root/*) continue ;;
      "$home" | /home/* | /tmp/home-*) ;;
      *) writable "$each" || continue ;;
    esac
    if [ ! -e "$each" ]; then
      mkdir -p "$each" || continue
      [ ! -d /etc/skel ] || cp -R /etc/skel/. "$each"
      chown -R "$uid:$gid" "$each"
    elif ! writable "$each"; then
      give top "$each"
    fi
    home=$each
    ! writable "$home" || return
  done
}

# Cargo and rustup keep state beside the programs. Where that is not the person's, a home of their own has
# the image's toolchains linked in, and takes new ones.
settle_rust() {
  settle_cargo
  [ "$uid" = 0 ] || settle_rustup
  [ -n "$cargo" ] || return 0
  mkdir -p "$own"
  for each in registry git; do
    mkdir -p "$cargo/$each"
    [ "$uid" = 0 ] || give top "$cargo/$each"
    rmdir "$own/$each" 2>/dev/null
    [ -e "$own/$each" ] || ln -s "$cargo/$each" "$own/$each"
  done
  [ "$own" != "$home/.cargo" ] || give all "$own"
}

settle_cargo() {
  theirs=${CARGO_HOME:-/root/.cargo} own=$home/.cargo
  if [ "$uid" = 0 ]; then
    own=${CARGO_HOME:-$own}
    return
  fi
  [ -d "$theirs" ] || [ -n "${CARGO_HOME-}" ] || return 0
  [ ! -d "$theirs" ] || open "$theirs"
  if writable "$theirs"; then
    own=$theirs
  else
    mkdir -p "$own/bin"
    for each in "$theirs/bin"/*; do
      [ ! -e "$each" ] || [ -e "$own/bin/${each##*/}" ] || ln -s "$each" "$own/bin/"
    done
    for each in config config.toml env; do
      [ ! -e "$theirs/$each" ] || [ -e "$own/$each" ] || cp "$theirs/$each" "$own/"
    done
    give all "$own"
  fi
  say "CARGO_HOME=$own"
}

settle_rustup() {
  theirs=${RUSTUP_HOME:-/root/.rustup}
  [ -d "$theirs/toolchains" ] || return 0
  open "$theirs"
  open "$theirs/toolchains"
  if ! writable "$theirs"; then
    mkdir -p "$home/.rustup/toolchains"
    for each in "$theirs/toolchains"/*; do
      [ ! -d "$each" ] || [ -e "$home/.rustup/toolchains/${each##*/}" ] || ln -s "$each" "$home/.rustup/toolchains/"
    done
    for each in settings.toml update-hashes; do
      [ ! -e "$theirs/$each" ] || [ -e "$home/.rustup/$each" ] || cp -R "$theirs/$each" "$home/.rustup/"
    done
    give all "$home/.rustup"
    theirs=$home/.rustup
  fi
  say "RUSTUP_HOME=$theirs"
}

settle_path() {
  left=$PATH:
  while [ -n "$left" ]; do
    each=${left%%:*} left=${left#*:}
    case $each in
      /root/*) [ ! -d "$each" ] || open "$each" ;;
    esac
  done
}

# Git refuses a checkout of another owner; what the system's configuration says serves everybody inside.
settle_git() {
  [ -n "$workspace" ] && have git || return 0
  for each in $(git config --system --get-all safe.directory); do
    [ "$each" != "$workspace" ] && [ "$each" != '*' ] || return 0
  done
  git config --system --add safe.directory "$workspace"
}

settle_user
[ "$uid" = 0 ] || settle_path
settle_home
for each in "$@"; do
  path=${each#*:}
  case $path in
    /root/*) pass "${path%/*}" ;;
  esac
  give "${each%%:*}" "$path"
  give_above "$home" "$path"
done
settle_rust
settle_git
say "name=$name"
say "home=$home"
[ "$uid" != 0 ] || set -- "$workspace" "$@"
for each in "$home" "$@"; do
  path=${each#*:}
  [ ! -d "$path" ] || writable "$path" || say "closed=$path"
done
exit 0
