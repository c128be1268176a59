# Debian's cloud kernels: found, fetched once and kept; for tools/vmtest/run to source.
#
#   have_kernel LINE [again]   makes $cache/kernels/LINE with vmlinuz, release and lib/modules,
#                              if it is not there already or a newer one is wanted `again`
#
# apt does the fetching, with the system's own configuration, mirror and keys but with sources
# and lists of its own, so this neither needs root nor changes the system. Version numbers
# rotate on mirrors: the newest of a line is taken, none is named here.

readonly kernels_txt=$vmtest/kernels.txt

# The lines of kernels.txt without comments, or the named columns of one kernel.
known_kernels() { sed 's/#.*//' "$kernels_txt" | awk 'NF { print $1 }'; }
suites_of() { awk -v line="$1" '$1 == line { gsub(",", " ", $2); print $2 }' "$kernels_txt"; }
is_gate() { awk -v line="$1" '$1 == line { exit $3 != "gate" }' "$kernels_txt"; }

have_kernel() {
  local line=$1 again=${2:-} kept=$cache/kernels/$1 release
  if [[ -e $kept/vmlinuz && -z $again ]]; then return 0; fi
  private=$cache/apt/$line
  mkdir -p "$private"/{lists/partial,cache/archives/partial}
  # shellcheck disable=SC2046
  kernel_sources $(suites_of "$line") >"$private/sources.list"
  # A mirror may lack one of the suites; what counts is whether a kernel turns up.
  kernel_apt apt-get update >"$private/log" 2>&1 || true
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

# apt with everything that it writes kept in $private.
kernel_apt() {
  local program=$1
  shift
  LC_ALL=C "$program" -q \
    -o "Dir::Etc::sourcelist=$private/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o "Dir::State::lists=$private/lists" -o "Dir::Cache=$private/cache" \
    -o APT::Sandbox::User= -o Acquire::AllowInsecureRepositories=false \
    -o Acquire::Languages=none -o Acquire::Retries=3 "$@"
}

# The system's Debian mirrors, as deb lines for other suites.
kernel_sources() {
  local uri release component origin suite keys= keyring
  for keyring in /usr/share/keyrings/debian-archive-keyring.{pgp,gpg}; do
    if [[ -e $keyring ]]; then keys="signed-by=$keyring" && break; fi
  done
  LC_ALL=C apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT) $(ORIGIN)' \
      'Created-By: Packages' | sort -u |
    while read -r uri release component origin; do
      # The origin is only known once the system's lists have been fetched.
      [[ $component == main && ${origin:-Debian} =~ ^(Debian|\$.*)$ ]] || continue
      for suite in "$@"; do
        case $release in
          *-security) [[ $suite == sid ]] || echo "deb [arch=amd64 $keys] $uri $suite-security main" ;;
          *-*) ;;
          *) echo "deb [arch=amd64 $keys] $uri $suite main" ;;
        esac
      done
    done
}

# E.g. 6.1.0-49-cloud-amd64. Names of meta-packages have no third number.
newest_release() {
  local numbers=${1//./\\.}
  if [[ $1 == newest ]]; then numbers='[0-9]+\.[0-9]+'; fi
  kernel_apt apt-cache pkgnames linux-image- |
    sed -nE "s/^linux-image-($numbers\.[0-9][^ ]*-cloud-amd64)\$/\1/p" | sort -V | tail -n 1
}

# Newer kernels come in several packages, of which linux-image is the least.
fetch_kernel() {
  local release=$1 kept=$2 packages fresh=$2.new
  mapfile -t packages < <(kernel_apt apt-cache pkgnames linux- |
    grep -xE "linux-(image|binary|modules|base)-${release//[.+]/\\&}")
  rm -rf "$fresh"
  mkdir -p "$fresh/unpacked"
  (cd "$fresh" && kernel_apt apt-get download "${packages[@]}") >>"$private/log" 2>&1 || {
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
