# Installs Debian packages from a list; for scripts to source.
#
#   install_packages FILE [PACKAGE-TO-LEAVE-OUT]
#
# FILE has one package a line and comments after #. Fails if a package is missing in the end.

say() { echo "$(basename "$0"): $*" >&2; }

install_packages() {
  local list=$1 leave_out=${2:-} missing
  if ! type -P dpkg-query >/dev/null; then
    say "this is no Debian system; $list lists what has to be installed"
    return 1
  fi
  # Names of packages hold no spaces.
  read -r -d '' -a missing <<<"$(missing_packages "$list" "$leave_out")" || true
  if [[ ${#missing[@]} == 0 ]]; then return 0; fi

  local as_root=()
  if ! become_root; then
    say "please run: sudo sh -c 'apt-get update && apt-get install -y ${missing[*]}'"
    return 1
  fi
  say "installing ${#missing[@]} missing packages through apt, which may take some minutes: ${missing[*]}"
  local log
  log=$(mktemp)
  if apt_install "${missing[@]}" >"$log" 2>&1; then
    rm -f "$log"
    say "installed"
  else
    tail -n 20 "$log" >&2
    say "apt failed (all it said is in $log); please run: apt-get update && apt-get install -y ${missing[*]}"
    return 1
  fi
}

# The packages in the list that are not installed, one a line. Works without /dev/fd, which is
# missing where /proc is not mounted.
missing_packages() {
  local list=$1 leave_out=$2 wanted package installed
  read -r -d '' -a wanted <<<"$(sed 's/#.*//' "$list")" || true
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${wanted[@]}" 2>/dev/null) || true
  for package in "${wanted[@]}"; do
    if [[ $package != "$leave_out" && $'\n'$installed$'\n' != *$'\n'"installed $package"$'\n'* ]]; then
      echo "$package"
    fi
  done
}

# Sets `as_root` to what makes a command run as root, or fails.
become_root() {
  if [[ $EUID == 0 ]]; then
    as_root=()
  elif type -P sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root=(sudo -n)
  elif type -P sudo >/dev/null && [[ -t 0 && -t 2 ]]; then
    as_root=(sudo)
  else
    return 1
  fi
}

apt_install() {
  if [[ -z $(find /var/lib/apt/lists -name '*_Packages*' -mtime -1 -print -quit 2>/dev/null) ]]; then
    apt_get update
  elif apt_get install "$@"; then
    return 0
  else
    # The lists may be older than what the mirror offers by now.
    apt_get update
  fi
  apt_get install "$@"
}

apt_get() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive LC_ALL=C \
    apt-get -q -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 --no-install-recommends "$@"
}
