# What ccache here can do, and whether a shared cache answers. For any POSIX shell, Busybox's included.
#
# Arguments: SCHEME HOST PORT; what to send in DEVTOOL_REQUEST. All empty: ccache's counters alone.
# Answers on standard output: `version=`, `features=`, `helper=`, `reached=`, `answer=` (its first line), and
# ccache's counters as it prints them, a name, a tab and a number each.
scheme=$1 host=$2 port=$3
export LC_ALL=C

have() { command -v "$1" >/dev/null 2>&1; }

# The name may not resolve, the host may not answer, and no tool's own limit holds for both.
bounded() {
  "$@" 2>/dev/null &
  job=$!
  { sleep 0.3 || sleep 1; kill -9 "$job"; } >/dev/null 2>&1 &
  watch=$!
  wait "$job" 2>/dev/null
  status=$?
  kill "$watch" 2>/dev/null
  return $status
}

# shellcheck disable=SC2016  # for the other shell
talk='exec 3<>"/dev/tcp/$0/$1" && printf "%s" "$DEVTOOL_REQUEST" >&3 && IFS= read -r line <&3 && printf "answer=%s\n" "$line"'
listen='printf "%s" "$DEVTOOL_REQUEST" | nc -w 1 "$0" "$1" | { IFS= read -r line && printf "answer=%s\n" "$line"; }'

reach() {
  if [ "$scheme" = redis+unix ]; then
    [ -S "$host" ]
  elif have bash; then
    bounded bash -c "$talk" "$host" "$port"
  elif have nc; then
    sh -c "$listen" "$host" "$port" 2>/dev/null
  else
    return 0
  fi
}

have ccache || exit 0
if [ -n "$scheme" ]; then
  ccache --version | sed -n 's/^ccache version /version=/p; s/^Features: /features=/p'
  ! have "ccache-storage-$scheme" || echo "helper=$scheme"
  if [ -z "$host" ] || reach; then echo reached=yes; else echo reached=no; fi
fi
ccache --print-stats 2>/dev/null
exit 0
