# Debian's cloud kernels: found, fetched once and kept; for tools/vmtest/run to source.
#
#   have_kernel LINE [again]   makes $cache/kernels/LINE with vmlinuz, release and lib/modules,
#                              if it is not there already or a newer one is wanted `again`
#
# apt does the fetching (tools/build/private_apt.sh). Version numbers rotate on mirrors: the
# newest of a line is taken, none is named here.

# shellcheck source=../build/private_apt.sh
source "$repository/tools/build/private_apt.sh"

readonly kernels_txt=$vmtest/kernels.txt

# The lines of kernels.txt without comments, or the named columns of one kernel.
known_kernels() { sed 's/#.*//' "$kernels_txt" | awk 'NF { print $1 }'; }
suites_of() { awk -v line="$1" '$1 == line { gsub(",", " ", $2); print $2 }' "$kernels_txt"; }
is_gate() { awk -v line="$1" '$1 == line { exit $3 != "gate" }' "$kernels_txt"; }

have_kernel() {
  local line=$1 again=${2:-} kept=$cache/kernels/$1 release
  if [[ -e $kept/vmlinuz && -z $again ]]; then return 0; fi
  private=$cache/apt/$line
  prepare_private_apt
  # shellcheck disable=SC2046
  debian_sources deb arch=amd64 $(suites_of "$line") >"$private/sources.list"
  # A mirror may lack one of the suites; what counts is whether a kernel turns up.
  private_apt apt-get update >"$private/log" 2>&1 || true
  release=$(newest_release "$line") || true
  if [[ -z $release ]]; then
    say "apt knows no cloud kernel $line in $(suites_of "$line"); all it said is in $private/log"
    [[ -e $kept/vmlinuz ]]
    return
  fi
  if [[ -e $kept/vmlinuz && $release == "$(cat "$kept/release")" ]]; then return 0; fi
  say "fetching kernel $release"
  fetch_kernel "$release" "$kept"
}

# E.g. 6.1.0-49-cloud-amd64. Names of meta-packages have no third number.
newest_release() {
  local numbers=${1//./\\.}
  if [[ $1 == newest ]]; then numbers='[0-9]+\.[0-9]+'; fi
  private_apt apt-cache pkgnames linux-image- |
    sed -nE "s/^linux-image-($numbers\.[0-9][^ ]*-cloud-amd64)\$/\1/p" | sort -V | tail -n 1
}

# Newer kernels come in several packages, of which linux-image is the least.
fetch_kernel() {
  local release=$1 kept=$2 packages fresh=$2.new
  mapfile -t packages < <(private_apt apt-cache pkgnames linux- |
    grep -xE "linux-(image|binary|modules|base)-${release//[.+]/\\&}")
  rm -rf "$fresh"
  mkdir -p "$fresh/unpacked"
  (cd "$fresh" && private_apt apt-get download "${packages[@]}") >>"$private/log" 2>&1 || {
    say "apt cannot fetch ${packages[*]}; all it said is in $private/log"
    return 1
  }
  local package
  for package in "$fresh"/*.deb; do dpkg -x "$package" "$fresh/unpacked"; done
  keep_kernel "$release" "$fresh" || { say "the packages of $release have no kernel"; return 1; }
  rm -rf "$kept"
  mv "$fresh" "$kept"
}

keep_kernel() {
  local release=$1 fresh=$2 modules vmlinuz
  modules=$(find "$fresh/unpacked" -path "*/lib/modules/$release" -type d -print -quit)
  vmlinuz=$(find "$fresh/unpacked" -type f \( -path "*/boot/vmlinuz-$release" -o \
    -path "*/lib/modules/$release/vmlinuz" \) -print -quit)
  if [[ -z $modules || -z $vmlinuz ]]; then return 1; fi
  cp "$vmlinuz" "$fresh/vmlinuz"
  mkdir -p "$fresh/lib/modules"
  mv "$modules" "$fresh/lib/modules/"
  PATH=$PATH:/usr/sbin:/sbin depmod -b "$fresh" "$release" || return 1
  rm -rf "$fresh/unpacked" "$fresh"/*.deb
  echo "$release" >"$fresh/release"
}
