using System.Collections.Immutable;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Hosting;

/// <summary>The programs of a chain, ready to judge packets; see <see cref="ChainCopy"/>.</summary>
internal interface IChainCopy : IDisposable
{
    /// <summary>The programs in running order.</summary>
    ImmutableArray<ComponentStatus> Components { get; }

    /// <summary>See <see cref="ChainCopy.Judge"/>.</summary>
    JudgedPacket Judge(ReadOnlySpan<byte> packet);
}
