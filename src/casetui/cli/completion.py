"""Completion in shells: the script that each wants, and how what is typed there may go on.

Click asks commands, options and values; here is what it cannot know. A shell asks by running ``casetui`` with
``_CASETUI_COMPLETE`` set.
"""

import os
import re

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    add_completion_class,
    split_arg_string,
)

from casetui.cli.root import ASKED

_GOES_ON = (":", "=", ">")
"""What a value ends with to which more is typed, so that no space is to follow it."""

_SPECIAL, _QUOTED = re.compile(r"""([\s()<>&|;'"\\$`*?!\[\]{}])"""), r"\\\1"
"""What means something to bash, and how it is made to mean itself."""


class Bash(BashComplete):
    """Bash, which breaks words at colons and equal signs, and wants only what follows the last of them."""

    source_template = """\
%(complete_func)s() {
    local kind value
    COMPREPLY=()
    while IFS=',' read -r kind value; do
        case $kind in
            file) compopt -o default 2>/dev/null ;;
            dir) compopt -o dirnames 2>/dev/null ;;
            part) compopt -o nospace 2>/dev/null; COMPREPLY+=("$value") ;;
            plain) COMPREPLY+=("$value") ;;
        esac
    done < <(env COMP_LINE="${COMP_LINE:0:COMP_POINT}" COMP_WORD="${COMP_WORDS[COMP_CWORD]}" \\
        COMP_BREAKS="$COMP_WORDBREAKS" %(complete_var)s=bash_complete "$1" 2>/dev/null)
}
complete -o nosort -F %(complete_func)s %(prog_name)s 2>/dev/null || complete -F %(complete_func)s %(prog_name)s
"""

    def source(self) -> str:
        """Return the script; which bash reads it is not asked."""
        return ShellComplete.source(self)

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the cursor, and the one that is being typed, unbroken."""
        line = os.environ["COMP_LINE"]
        words = split_arg_string(line)[1:]
        return (words, "") if line[-1:].isspace() else (words[:-1], words[-1] if words else "")

    def format_completion(self, item: CompletionItem[str]) -> str:
        """Return a line of the script's: what kind of value, and what is to stand in the place of the word."""
        kind = "part" if item.type == "plain" and item.value.endswith(_GOES_ON) else item.type
        if os.environ["COMP_WORD"].startswith(("'", '"')):
            return f"{kind},{item.value}"
        breaks = "".join(sign for sign in ":=" if sign in os.environ["COMP_BREAKS"])
        value = re.split(f"[{breaks}]", item.value[:-1])[-1] + item.value[-1:] if breaks else item.value
        return f"{kind},{_SPECIAL.sub(_QUOTED, value)}"


class Zsh(ZshComplete):
    """Zsh, in which no space follows a value that goes on."""

    source_template = """\
#compdef %(prog_name)s
%(complete_func)s() {
    local kind value help
    local -a response said plain
    (( ! $+commands[%(prog_name)s] )) && return 1
    response=("${(@f)$(env COMP_WORDS="${words[*]}" COMP_CWORD=$((CURRENT-1)) \\
        %(complete_var)s=zsh_complete %(prog_name)s 2>/dev/null)}")
    for kind value help in ${response}; do
        case $kind in
            file) _path_files -f ;;
            dir) _path_files -/ ;;
            part) compadd -U -S '' -- "$value" ;;
            plain) if [[ $help == _ ]]; then plain+=("$value"); else said+=("${value//:/\\\\:}:$help"); fi ;;
        esac
    done
    (( $#said )) && _describe -V unsorted said -U
    (( $#plain )) && compadd -U -V unsorted -a plain
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    %(complete_func)s "$@"
else
    compdef %(complete_func)s %(prog_name)s
fi
"""

    def format_completion(self, item: CompletionItem[str]) -> str:
        """Return three lines of the script's: what kind of value, the value, and what it says."""
        kind = "part" if item.type == "plain" and item.value.endswith(_GOES_ON) else item.type
        return f"{kind}\n{item.value}\n{item.help or '_'}"


class Fish(FishComplete):
    """Fish, for which the script of click cuts what is said of a value at a comma."""

    def format_completion(self, item: CompletionItem[str]) -> str:
        """Return a line of the script's."""
        said = CompletionItem(item.value, item.type, (item.help or "").replace(",", ";") or None)
        return super().format_completion(said)


SHELLS: dict[str, type[ShellComplete]] = {"bash": Bash, "zsh": Zsh, "fish": Fish}


def prepare() -> None:
    """Make click answer each shell as it wants it."""
    for shell in SHELLS.values():
        add_completion_class(shell)


@click.command()
@click.argument("shell", type=click.Choice(list(SHELLS)))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print what makes a shell complete commands, options, statuses, queries and the like.

    Installing casetui brings it along. Where the shell does not find it, put into its start-up file

    \b
      eval "$(casetui completion bash)"      # ~/.bashrc
      eval "$(casetui completion zsh)"       # ~/.zshrc, after compinit
      casetui completion fish | source       # ~/.config/fish/config.fish
    """  # noqa: D301 - click reads the backspace as: leave these lines alone
    script = SHELLS[shell](context.find_root().command, {}, "casetui", ASKED)
    click.echo(script.source(), nl=False)


COMMANDS = (completion,)
