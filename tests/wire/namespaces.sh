# shellcheck shell=sh
# What root would do; an ordinary user does it as the root of a user namespace. Sourced.

# Of ordinary users Debian's login leaves them out, and chroot is there.
PATH=$PATH:/usr/sbin:/sbin

# The words by which `unshare` makes this user root.
unshare_as_root=
[ "$(id -u)" -eq 0 ] || unshare_as_root='--map-root-user --map-auto'

as_root() {
    # shellcheck disable=SC2086 # several words
    if [ "$(id -u)" -eq 0 ]; then "$@"; else unshare $unshare_as_root "$@"; fi
}

# May this user be root of a user namespace? $no_namespaces says why not. The plain namespace is tried
# first: where it is refused, `--map-auto` of util-linux 2.41 would leave a process behind that keeps
# everything open which it has got, such as the pipe of whoever waits for our output.
may_be_root() {
    [ "$(id -u)" -ne 0 ] || return 0
    command -v newuidmap >/dev/null || {
        no_namespaces="uidmap is not installed; say: sudo apt install uidmap"
        return 1
    }
    unshare --user true 2>/dev/null || {
        no_namespaces="this machine lets only root have user namespaces; as root it works: begin the command with sudo"
        return 1
    }
    # shellcheck disable=SC2086 # several words
    unshare $unshare_as_root true >/dev/null 2>&1 </dev/null 9>&- || {
        no_namespaces="this user has no range of users of its own (/etc/subuid and /etc/subgid, where adduser puts it); as root it works: begin the command with sudo"
        return 1
    }
}
