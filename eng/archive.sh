#!/usr/bin/env bash
# Packages of any suite of the Debian archive this machine uses, without installing them.
#
#   eng/archive.sh names  SUITE REGEX           names that match, newest last
#   eng/archive.sh version SUITE PACKAGE
#   eng/archive.sh depends SUITE PACKAGE
#   eng/archive.sh unpack SUITE FOLDER PACKAGE...
#   eng/archive.sh refresh                      forget the package lists, so that the next call reads new ones
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
. "$REPO/eng/lib/packages.sh"
. "$REPO/eng/lib/archive.sh"

verb=${1:-}
shift || true
case $verb in
  names|version|depends|unpack) with_lock archive "archive_$verb" "$@" ;;
  refresh) rm -f "$CACHE"/apt/*/updated ;;
  -h|--help|'') usage_of "$0" ;;
  *) die "unknown verb '$verb'." "See eng/archive.sh --help." ;;
esac
