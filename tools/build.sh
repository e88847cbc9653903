# Shell functions that ./demo, ./check and .ci/run share. Source it from the root of the project, with pipefail set.

say() { printf '%s\n' "$*"; }

# threads: processors that this process may really use. OpenMP looks at the affinity mask only, so a container
# with a quota of two CPUs on a machine of 64 would start 64 threads.
threads() {
  local count quota period limit
  # nproc obeys OMP_NUM_THREADS, which is about something else here.
  count=$(env -u OMP_NUM_THREADS -u OMP_THREAD_LIMIT nproc 2>/dev/null || echo 1)
  if [ -r /sys/fs/cgroup/cpu.max ]; then
    read -r quota period </sys/fs/cgroup/cpu.max
  elif [ -r /sys/fs/cgroup/cpu/cpu.cfs_quota_us ]; then
    quota=$(cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us)
    period=$(cat /sys/fs/cgroup/cpu/cpu.cfs_period_us)
  fi
  case "${quota:-max}" in
    max | -1) ;;
    *)
      limit=$((quota / period))
      [ "$limit" -ge 1 ] || limit=1
      [ "$limit" -ge "$count" ] || count=$limit
      ;;
  esac
  echo "$count"
}

# build_jobs: one compiler per thread, as long as each can have 1.2 GB of memory.
build_jobs() {
  local jobs memory
  jobs=$(threads)
  memory=$(awk '/^MemAvailable:/ { print int($2 / 1200000) }' /proc/meminfo 2>/dev/null)
  if [ -n "$memory" ] && [ "$memory" -lt "$jobs" ]; then jobs=$memory; fi
  [ "$jobs" -ge 1 ] || jobs=1
  echo "$jobs"
}

# quietly LOG COMMAND...: output goes to a file; on failure its end is shown and the exit code kept.
quietly() {
  local log=$1 code
  shift
  mkdir -p "$(dirname "$log")"
  "$@" </dev/null >"$log" 2>&1 && return 0
  code=$?
  tail -n 40 "$log" >&2
  say "FAILED ($code): $* -- all of its output is in $log" >&2
  return "$code"
}

# build LOG FOLDER [TARGET...]: builds with one line every tenth of the way.
build() {
  local log=$1 folder=$2 target=() code
  shift 2
  [ $# = 0 ] || target=(--target "$@")
  mkdir -p "$(dirname "$log")"
  code=0
  NINJA_STATUS='[%f/%t] ' cmake --build "$folder" --parallel "$(build_jobs)" "${target[@]}" </dev/null 2>&1 |
    tee "$log" | awk '
      /^\[[0-9]+\/[0-9]+\]/ {
        split(substr($1, 2, length($1) - 2), n, "/")
        tenth = int(10 * n[1] / n[2])
        if (tenth > shown && n[2] > 9) { shown = tenth; printf "      %3d %% (%d of %d steps)\n", 10 * tenth, n[1], n[2]; fflush() }
      }' || code=$?
  [ "$code" = 0 ] && return 0
  grep -A 3 -E 'error:|undefined reference|Error [0-9]|ninja: ' "$log" | cut -c 1-240 | head -n 40 >&2
  say "FAILED: the build of $folder; all of its output is in $log" >&2
  return "$code"
}

# A build folder made in another place (a copied checkout) cannot be configured again: start it anew.
drop_foreign_cache() {
  local cache=$1/CMakeCache.txt
  [ -f "$cache" ] || return 0
  grep -q "^CMAKE_HOME_DIRECTORY:INTERNAL=$(pwd -P)\$" "$cache" || rm -rf "$1"
}

# seconds_since START: for the closing lines.
minutes_since() { awk -v s="$(($(date +%s) - $1))" 'BEGIN { printf "%d min %02d s", s / 60, s % 60 }'; }
