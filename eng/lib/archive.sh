# shellcheck shell=bash
# Packages of other suites of the Debian archive this machine uses: downloaded and unpacked, never installed.

# The archive's address comes from the machine's own apt sources. apt reads every source format itself,
# so ask it instead of parsing files.
archive_uri() {
  if [[ -n ${XDP_DISPATCH_ARCHIVE:-} ]]; then printf '%s\n' "$XDP_DISPATCH_ARCHIVE"; return; fi
  have apt-get || die "no apt-get here: kernels and peers come from a Debian archive." \
    "Set XDP_DISPATCH_ARCHIVE to the address of a Debian archive, on a system that has apt."
  local uri
  # shellcheck disable=SC2016 # apt expands these, not the shell
  uri=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    awk '$3 == "main" && $2 !~ /-(security|updates|backports|proposed)|\/updates/ && $1 ~ /debian/ { print $1; exit }')
  [[ -n $uri ]] || die "no Debian archive among this machine's apt sources." \
    "Set XDP_DISPATCH_ARCHIVE to the address of one."
  printf '%s\n' "$uri"
}

# One state per suite, so that "newest" needs no pinning. The machine's Acquire settings (proxies, timeouts)
# are kept; its hooks and sources are not.
archive_apt() {
  local suite=$1; shift
  local state="$CACHE/apt/$suite"
  local keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  if [[ ! -s $state/apt.conf ]]; then
    local uri
    uri=$(archive_uri)
    [[ -r $keyring ]] || need_packages debian-archive-keyring
    mkdir -p "$state"/{lists/partial,archives/partial,sources.d}
    : >"$state/status"
    printf 'deb [arch=amd64 signed-by=%s target=Packages] %s %s main\n' "$keyring" "$uri" "$suite" >"$state/sources.list"
    {
      apt-config dump Acquire | grep -v '^Acquire::\(IndexTargets\|Changelogs\)'
      printf 'Dir::Etc::main "/dev/null";\nDir::Etc::parts "/dev/null";\n'
      printf 'Dir::Etc::sourcelist "%s/sources.list";\nDir::Etc::sourceparts "%s/sources.d";\n' "$state" "$state"
      printf 'Dir::Etc::preferences "/dev/null";\nDir::Etc::preferencesparts "/dev/null";\n'
      printf 'Dir::State "%s";\nDir::State::lists "%s/lists";\nDir::State::status "%s/status";\n' "$state" "$state" "$state"
      printf 'Dir::Cache "%s";\nDir::Cache::archives "%s/archives";\n' "$state" "$state"
      printf 'APT::Architecture "amd64";\nAPT::Architectures { "amd64"; };\nAPT::Sandbox::User "root";\n'
    } >"$state/apt.conf.new"
    mv "$state/apt.conf.new" "$state/apt.conf"
  fi
  APT_CONFIG="$state/apt.conf" "$@"
}

# Signatures are verified with the keyring; an archive that fails that is an error here.
archive_update() {
  local suite=$1
  [[ -e $CACHE/apt/$suite/updated ]] && return 0
  note "reading the package list of $suite"
  archive_apt "$suite" quietly apt-get -q update -o APT::Update::Error-Mode=any ||
    die "the package list of '$suite' could not be read (see above)."
  touch "$CACHE/apt/$suite/updated"
}

# archive_names SUITE REGEX: names of matching packages, in version order, newest last.
archive_names() {
  archive_update "$1"
  archive_apt "$1" apt-cache pkgnames | grep -E "^($2)\$" | sort -V || true
}

archive_version() {
  archive_update "$1"
  archive_apt "$1" apt-cache --no-all-versions show "$2" | sed -n 's/^Version: //p;' | head -n 1
}

archive_depends() {
  archive_update "$1"
  archive_apt "$1" apt-cache depends --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances "$2" |
    sed -n 's/^ *|\{0,1\}Depends: \([^<].*\)/\1/p'
}

# archive_unpack SUITE FOLDER PACKAGE...: downloads and unpacks into FOLDER, which appears whole or not at all.
archive_unpack() {
  local suite=$1 folder=$2; shift 2
  [[ -d $folder ]] && return 0
  archive_update "$suite"
  local work
  mkdir -p "$(dirname "$folder")"
  work=$(mktemp -d "$folder.XXXXXX")
  chmod 755 "$work"
  mkdir "$work.debs"
  note "downloading from $suite: $*"
  ( cd "$work.debs" && archive_apt "$suite" quietly apt-get -q download "$@" ) || {
    # A list older than the archive names files that are gone: read it again, once.
    rm -f "$CACHE/apt/$suite/updated"
    archive_update "$suite"
    ( cd "$work.debs" && archive_apt "$suite" quietly apt-get -q download "$@" ) ||
      { rm -rf "$work" "$work.debs"; die "could not download $* from $suite."; }
  }
  local deb
  for deb in "$work.debs"/*.deb; do dpkg -x "$deb" "$work"; done
  rm -rf "$work.debs"
  mv -T "$work" "$folder"
}
