#!/bin/bash
# Unpacks the source of a Debian package, with Debian's patches, into the current directory.
#
#   fetch_debian_source.sh PACKAGE SUITE VERSION-PREFIX [PATCH-TO-SKIP]...
#
# apt does the fetching (private_apt.sh). The signed index of the suite vouches for the SHA256
# of each archive. The .dsc is not needed for that and sometimes missing on mirrors, so it is
# not fetched.

set -euo pipefail

package=$1 suite=$2 version=$3
shift 3
skip=("$@")

# shellcheck source=private_apt.sh
source "$(dirname "${BASH_SOURCE[0]}")/private_apt.sh"

readonly private=$PWD/.apt
readonly log=$private/log

main() {
  prepare_private_apt
  mkdir "$private/archives"
  trap 'rm -rf "$private"' EXIT
  : >"$log"

  debian_sources deb-src "" "$suite" >"$private/sources.list"
  # A mirror may lack one of the suites; what counts is whether the package turns up.
  private_apt apt-get update >>"$log" 2>&1 || true
  private_apt apt-get source --print-uris "$package" 2>>"$log" | grep "^'" >"$private/uris" ||
    give_up "apt does not know the source package $package in $suite"
  download_archives
  unpack
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
    private_apt /usr/lib/apt/apt-helper download-file "$uri" "$private/archives/$file" "$hash" \
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
