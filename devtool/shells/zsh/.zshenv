# Read by the zsh of `devtool shell` through ZDOTDIR, which goes back at once to what it was, so that zsh finds the
# person's other files by itself. The checkout's environment comes with the first prompt, after all of them.
if [[ -n ${DEVTOOL_SHELL_ZDOTDIR-} ]]; then
    export ZDOTDIR=$DEVTOOL_SHELL_ZDOTDIR
else
    unset ZDOTDIR
fi
unset DEVTOOL_SHELL_ZDOTDIR

_devtool_shell_start() {
    precmd_functions=(${precmd_functions:#_devtool_shell_start})
    eval "$DEVTOOL_SHELL_START"
    unset DEVTOOL_SHELL_START
    unfunction _devtool_shell_start
}
typeset -ga precmd_functions
precmd_functions+=(_devtool_shell_start)

if [[ -r ${ZDOTDIR:-$HOME}/.zshenv ]]; then
    source ${ZDOTDIR:-$HOME}/.zshenv
fi
