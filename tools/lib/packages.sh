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

# In a terminal shows the newest line that comes, in place of the one before; elsewhere nothing.
packages_show() {
    local line
    [ -t 1 ] || { cat >/dev/null; return; }
    while IFS= read -r line; do
        printf '\r\033[K%.70s' "$line"
    done
    printf '\r\033[K'
}

# packages_apt ARGUMENT...: apt-get, shown.
packages_apt() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o Dpkg::Use-Pty=0 "$@" | packages_show
    return "${PIPESTATUS[0]}"
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
    packages_apt update && packages_apt install -y --no-install-recommends "${missing[@]}"
}
