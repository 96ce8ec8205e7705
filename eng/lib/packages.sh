# shellcheck shell=bash
# shellcheck disable=SC2034 # the lists are used by the scripts that source this
# Installing what is missing, and only that.

# True when dpkg has the package in a usable state.
package_installed() {
  [[ $(dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null) == ii* ]]
}

# need_packages PACKAGE...: installs the missing ones without asking anything.
need_packages() {
  local package missing=()
  have dpkg-query || die "this is not a Debian-like system, so nothing can be installed for you." \
    "Install by hand what these Debian packages hold: $*"
  for package in "$@"; do package_installed "$package" || missing+=("$package"); done
  ((${#missing[@]} == 0)) && return 0
  ((EUID == 0)) || die "missing packages, and only root can install them:" \
    "apt-get install --no-install-recommends ${missing[*]}"
  have apt-get || die "missing packages, and there is no apt-get:" "${missing[*]}"
  step "installing ${missing[*]}"
  # Stale or absent lists are the usual reason for a failure: update once, then it is an error.
  if ! apt_install "${missing[@]}" >/dev/null 2>&1; then
    quietly apt-get -q update || die "apt-get update failed (see above); check the machine's apt sources."
    quietly apt_install "${missing[@]}" || die "apt-get could not install: ${missing[*]}" "Its last lines are above."
  fi
}

apt_install() {
  DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=120 \
    install --no-install-recommends "$@"
}

# Named by what they are for; scripts ask for the sets they use.
PACKAGES_VM=(qemu-system-x86 busybox-static kmod xz-utils zstd debian-archive-keyring)
PACKAGES_BUILD=(clang llvm gcc libc6-dev libbpf-dev libxdp-dev binutils)
PACKAGES_TOOLS=(libbpf1 bpftool iproute2 iputils-ping ethtool tcpdump strace xdp-tools procps man-db)
# What links a program that is compiled ahead of time; clang does, too, where it is there.
PACKAGES_NATIVE=(gcc libc6-dev binutils)
