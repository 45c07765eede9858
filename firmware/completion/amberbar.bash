# bash completion for amberbar; written by tools/manual/pages
_amberbar() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} words=
    case $before in
    -c | --config | --svg | --root) compopt -o default; return ;;
    --state) mapfile -t COMPREPLY < <(compgen -W 'stable progressing stalled failed paused degraded thinned scaled_to_zero unknown no_network clock_not_set card_wrong explained warning critical' -- "$word"); return ;;
    -b | --board | boards)
        mapfile -t COMPREPLY < <(compgen -W "$(amberbar boards 2>/dev/null | cut -d' ' -f1)" -- "$word")
        [ "${#COMPREPLY[@]}" -gt 0 ] || compopt -o default
        return
        ;;
    esac
    if [ "$COMP_CWORD" -eq 1 ]; then
        mapfile -t COMPREPLY < <(compgen -W 'setup run check once status doctor discover boards preview identify try encode blank card --help --version' -- "$word")
        return
    fi
    case ${COMP_WORDS[1]} in
    setup) words='--config --url --ca-file --token-file --username --password-file --board --order --count --controller --rollouts --indicator --warning --critical --brightness --night --enable --yes --help' ;;
    run) words='--config --card --help' ;;
    check) words='--config --help' ;;
    once) words='--config --json --help' ;;
    status) words='--json --help' ;;
    doctor) words='--config --json --root --help' ;;
    discover) words='--config --url --help' ;;
    boards) words='--help' ;;
    preview) words='--config --board --state --progress --svg --help' ;;
    identify) words='--config --board --order --count --seconds --help' ;;
    try) words='--config --board --state --progress --seconds --help' ;;
    encode) words='--board --pixels --text --raw --help' ;;
    blank) words='--config --help' ;;
    card) words='--from --root --run --needed --help' ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -F _amberbar amberbar
