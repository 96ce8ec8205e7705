# shellcheck shell=bash
# The .NET SDK: found, not installed. Its version is in global.json.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
export DOTNET_CLI_UI_LANGUAGE=en

need_dotnet() {
  if ! have dotnet && [[ -x ${DOTNET_ROOT:-$HOME/.dotnet}/dotnet ]]; then PATH="${DOTNET_ROOT:-$HOME/.dotnet}:$PATH"; fi
  local wanted
  wanted=$(sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' "$REPO/global.json" | head -n 1)
  have dotnet || die "the .NET SDK is missing: this repository needs $wanted or a later feature band." \
    "Install it (https://dot.net, or the distribution's dotnet-sdk-${wanted%%.*}.0 package) and have dotnet on PATH."
  ( cd "$REPO" && dotnet --version >/dev/null 2>&1 ) || die "no installed .NET SDK satisfies global.json ($wanted)." \
    "Installed: $(cd / && dotnet --list-sdks | paste -sd' ')"
}
