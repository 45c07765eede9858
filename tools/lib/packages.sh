# shellcheck shell=bash
# Installs Debian packages that are missing, and says so first. Sourced.

# What CMakeLists.txt asks for.
# shellcheck disable=SC2034 # for those who source this
packages_to_build=(gcc libc6-dev cmake ninja-build pkg-config libcurl4-openssl-dev libcjson-dev
    libyaml-dev libgpiod-dev)

# True when the package is installed.
package_is_installed() {
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# packages_install NAME...: with sudo when not root; asks nothing when nothing is missing. The
# variable packages_why, such as "to build amberbar", gives the reason.
packages_install() {
    local missing=() name
    for name in "$@"; do
        package_is_installed "$name" || missing+=("$name")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    local as_root=()
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || {
            echo "These Debian packages are missing, and there is no sudo; as root: apt-get install ${missing[*]}" >&2
            return 1
        }
        as_root=(sudo)
    fi
    echo "Installing Debian packages${packages_why:+ $packages_why}: ${missing[*]}"
    "${as_root[@]}" apt-get update -qq &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}
