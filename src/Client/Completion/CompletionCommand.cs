using System.CommandLine;
using MaskRcnn.Client.CommandLine;

namespace MaskRcnn.Client.Completion;

/// <summary><c>maskrcnn completion</c>: prints the script that teaches a shell the command line.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # maskrcnn completion for bash. Add to ~/.bashrc: source <(maskrcnn completion bash)
        _maskrcnn() {
            local line="${COMP_LINE:0:COMP_POINT}"
            line="${line#*[[:space:]]}"
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _maskrcnn maskrcnn ./maskrcnn
        """;

    private const string Zsh = """
        #compdef maskrcnn
        # maskrcnn completion for zsh. Add to ~/.zshrc: source <(maskrcnn completion zsh)
        _maskrcnn() {
            local line="${BUFFER[1,CURSOR]#*[[:space:]]}"
            local -a answers
            answers=("${(@f)$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)}")
            compadd -a answers
            _files
        }
        compdef _maskrcnn maskrcnn ./maskrcnn
        """;

    private const string Fish = """
        # maskrcnn completion for fish. Add to ~/.config/fish/config.fish: maskrcnn completion fish | source
        function __maskrcnn_complete
            set -l program (commandline -opc)[1]
            set -l line (string replace -r '^\S+\s+' '' -- (commandline -cp))
            $program "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c maskrcnn -a '(__maskrcnn_complete)'
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print the completion script of a shell.") { shell };
        return command.Does("source <(maskrcnn completion bash)", (arguments, output, _) =>
        {
            string script = arguments.GetRequiredValue(shell) switch { "bash" => Bash, "zsh" => Zsh, _ => Fish };
            if (output.Json) output.WriteJson(json => json.WriteString("script", script));
            else output.Out.WriteLine(script);
            return ExitCode.Ok;
        });
    }
}
