using System.CommandLine;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Commands;

/// <summary><c>convert</c>: writes the chain of an interface in another protocol version.</summary>
internal sealed class ConvertCommand : ChangeCommand
{
    private readonly ChoiceOption<DispatcherVersion> _protocol = new(
        "--protocol", [], ("1", DispatcherVersion.V1), ("2", DispatcherVersion.V2), ("3", DispatcherVersion.V3))
    {
        Description = "Protocol version wanted. libxdp up to 1.2 changes chains of 1, 1.3 to 1.5 those of 2, 1.6 those of 3.",
        DefaultValueFactory = null,
        Required = true,
    };

    public ConvertCommand()
        : base("convert", "Write the chain of an interface in another protocol version, in one step.")
    {
        Add(_protocol);
        AddCommon();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes =>
    [
        "Programs, maps, order and policy stay as they are, and no packet passes by a program during the change. "
        + "Refused when the chain uses what the version cannot say: frags in 1, device binding in 1 and 2.",
    ];

    /// <inheritdoc/>
    public override string? OptionFor(string word) => "--protocol";

    /// <inheritdoc/>
    public override IReadOnlyList<(string CommandLine, string Purpose)> Examples =>
    [
        ("convert eth0 --protocol 3", "let libxdp 1.6 join a chain of version 2"),
        ("convert eth0 --protocol 2 --json", "and back; answer in JSON"),
    ];

    /// <inheritdoc/>
    protected override string? Done => null;

    /// <inheritdoc/>
    protected override ChangeRequest Read(ParseResult parsed, CliSession session) => new ConvertRequest(parsed.GetRequiredValue(_protocol));
}
