# apt with sources, lists and cache of its own; for scripts to source that set `private`, the
# directory for these.
#
#   prepare_private_apt                          makes the directory
#   debian_sources deb|deb-src OPTIONS SUITE...  the system's Debian mirrors, as lines of a
#                                                sources.list for other suites; OPTIONS as in
#                                                sources.list(5), e.g. arch=amd64, or empty
#   private_apt PROGRAM ARGUMENT...              e.g. private_apt apt-get update
#
# The system's configuration, mirrors and keys are used, so this needs no root, names no host
# and changes nothing in the system.

prepare_private_apt() { mkdir -p "$private"/{lists/partial,cache/archives/partial}; }

private_apt() {
  local program=$1
  shift
  LC_ALL=C "$program" -q \
    -o "Dir::Etc::sourcelist=$private/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o "Dir::State::lists=$private/lists" -o "Dir::Cache=$private/cache" \
    -o APT::Sandbox::User= -o Acquire::AllowInsecureRepositories=false \
    -o Acquire::Languages=none -o Acquire::Retries=3 "$@"
}

debian_sources() {
  local type=$1 options uri release component origin suite
  options="$2 $(trusted_keys)"
  shift 2
  options=$(xargs <<<"$options")
  LC_ALL=C apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT) $(ORIGIN)' \
      'Created-By: Packages' | sort -u |
    while read -r uri release component origin; do
      # The origin is only known once the system's lists have been fetched.
      [[ $component == main && ${origin:-Debian} =~ ^(Debian|\$.*)$ ]] || continue
      for suite in "$@"; do
        case $release in
          *-security) if [[ $suite == sid ]]; then continue; else suite+=-security; fi ;;
          *-*) continue ;;
        esac
        echo "$type ${options:+[$options] }$uri $suite main"
      done
    done
}

# Where no key is trusted for all sources, Debian's keyring has to be named.
trusted_keys() {
  local keyring
  if compgen -G '/etc/apt/trusted.gpg.d/debian-archive-*' >/dev/null; then return; fi
  for keyring in /usr/share/keyrings/debian-archive-keyring.{pgp,gpg}; do
    if [[ -e $keyring ]]; then echo "signed-by=$keyring" && return; fi
  done
}
