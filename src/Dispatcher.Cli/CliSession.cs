using Dispatcher.Cli.Hosting;
using Dispatcher.Cli.Output;

namespace Dispatcher.Cli;

/// <summary>What a verb works with.</summary>
/// <param name="Console">Where its answer goes.</param>
/// <param name="Host">The machine.</param>
/// <param name="Json">Whether the answer is one JSON document.</param>
/// <param name="Verbose">Whether to say more.</param>
internal sealed record CliSession(CliConsole Console, IChainHost Host, bool Json, bool Verbose);
