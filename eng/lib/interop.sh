# shellcheck shell=bash
# The interop suite by hand: published, then some of it in a VM, with the figures it prints.
. "$REPO/eng/lib/packages.sh"
. "$REPO/eng/lib/dotnet.sh"

INTEROP_FOLDER="$REPO/artifacts/interop-run"
INTEROP_FIGURES="$INTEROP_FOLDER/figures"

# interop_build: what the suite needs, published.
interop_build() {
  need_packages "${PACKAGES_BUILD[@]}" "${PACKAGES_TOOLS[@]}"
  need_dotnet
  quietly dotnet msbuild "$REPO/eng/tests.proj" -m -nologo -v:minimal -p:Only=Dispatcher.Interop.Tests || die "the suite does not build (see above)."
  quietly "$REPO/eng/build-bpf" || die "the component programs in bpf/ do not compile (see above)."
  quietly "$REPO/eng/build-driver" || die "the programs in C of the suite do not compile (see above)."
  quietly "$REPO/eng/peers" || die "the releases of libxdp cannot be had (see above)."
}

# interop_run KERNEL SECONDS CLASS...: runs test classes in a VM, of INTEROP_CPUS processors if that is set; leaves log and
# figures in INTEROP_FOLDER.
interop_run() {
  local kernel=$1 seconds=$2 class filters=(); shift 2
  for class in "$@"; do filters+=(--filter-class "Dispatcher.Interop.Tests.$class"); done
  rm -rf "$INTEROP_FOLDER"
  mkdir -p "$INTEROP_FOLDER"
  XDP_LONG_RUN=1 XDP_FIGURES=$INTEROP_FIGURES MUST_HAVE=Ext,Root "$REPO/eng/vm.sh" --kernel "$kernel" --memory 2048 ${INTEROP_CPUS:+--cpus "$INTEROP_CPUS"} --timeout "$seconds" --share "$INTEROP_FOLDER" \
    -- "$REPO/artifacts/tests/Dispatcher.Interop.Tests" --no-progress --no-ansi --results-directory "$INTEROP_FOLDER" "${filters[@]}" >"$INTEROP_FOLDER/log" 2>&1
}
