#!/bin/bash
# Unpacks the source of a Debian package, with Debian's patches, into the current directory.
#
#   fetch_debian_source.sh PACKAGE SUITE VERSION-PREFIX [PATCH-TO-SKIP]...
#
# apt does the fetching, with the system's own configuration and keys but with lists, cache
# and sources of its own, so this neither needs root nor changes the system. The signed index
# of the suite vouches for the SHA256 of each archive. The .dsc is not needed for that and
# sometimes missing on mirrors, so it is not fetched.

set -euo pipefail

package=$1 suite=$2 version=$3
shift 3
skip=("$@")

readonly private=$PWD/.apt
readonly log=$private/log

main() {
  mkdir -p "$private"/{lists/partial,cache/archives/partial,archives}
  trap 'rm -rf "$private"' EXIT
  : >"$log"

  list_sources >"$private/sources.list"
  # A mirror may lack one of the suites; what counts is whether the package turns up.
  apt_get update >>"$log" 2>&1 || true
  apt_get source --print-uris "$package" 2>>"$log" | grep "^'" >"$private/uris" ||
    give_up "apt does not know the source package $package in $suite"
  download_archives
  unpack
}

# apt, with everything that it writes kept in $private.
apt_get() { apt_with apt-get "$@"; }
apt_with() {
  local program=$1
  shift
  LC_ALL=C "$program" -q \
    -o "Dir::Etc::sourcelist=$private/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o "Dir::State::lists=$private/lists" -o "Dir::Cache=$private/cache" \
    -o APT::Sandbox::User= -o Acquire::AllowInsecureRepositories=false \
    -o Acquire::Languages=none -o Acquire::Retries=3 "$@"
}

# The system's Debian mirrors, as deb-src lines for the suite that is wanted.
list_sources() {
  local uri release component origin keys=
  # Where no key is trusted for all sources, name Debian's keyring.
  if ! compgen -G '/etc/apt/trusted.gpg.d/debian-archive-*' >/dev/null; then
    local keyring
    for keyring in /usr/share/keyrings/debian-archive-keyring.{pgp,gpg}; do
      if [[ -e $keyring ]]; then keys="[signed-by=$keyring] " && break; fi
    done
  fi
  LC_ALL=C apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT) $(ORIGIN)' \
      'Created-By: Packages' | sort -u |
    while read -r uri release component origin; do
      # The origin is only known once the system's lists have been fetched.
      [[ $component == main && ${origin:-Debian} =~ ^(Debian|\$.*)$ ]] || continue
      case $release in
        *-security) echo "deb-src $keys$uri $suite-security main" ;;
        *-*) ;;
        *) echo "deb-src $keys$uri $suite main" ;;
      esac
    done
}

download_archives() {
  local uri file size hash
  while read -r uri file size hash; do
    case $file in
      *.dsc) continue ;;
      "${package}_$version"*) ;;
      *) give_up "$suite has $file, but this project is written for $package $version*" ;;
    esac
    [[ $hash == SHA256:* ]] || give_up "the index gives no SHA256 for $file"
    uri=${uri#\'} uri=${uri%\'}
    apt_with /usr/lib/apt/apt-helper download-file "$uri" "$private/archives/$file" "$hash" \
      >>"$log" 2>&1 || give_up "cannot download $file ($size bytes)"
  done <"$private/uris"
}

unpack() {
  tar -x --strip-components=1 -f "$(echo "$private"/archives/*.orig.tar.*)"
  tar -x -f "$(echo "$private"/archives/*.debian.tar.*)"
  local patch
  while read -r patch _; do
    if [[ -z $patch || $patch == \#* || " ${skip[*]} " == *" $patch "* ]]; then continue; fi
    patch --quiet --strip=1 --no-backup-if-mismatch --input="debian/patches/$patch" >>"$log" 2>&1 ||
      give_up "Debian's patch $patch does not apply"
  done <debian/patches/series
}

give_up() {
  {
    echo "$1"
    echo "--- what apt was asked for:"
    cat "$private/sources.list"
    echo "--- its answer:"
    tail -n 40 "$log"
  } >&2
  exit 1
}

main
