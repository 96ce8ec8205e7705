using System.Collections.Immutable;

namespace Dispatcher.Benchmarks.Measuring;

/// <summary>One line of the table.</summary>
/// <param name="Section">Title of its section.</param>
/// <param name="What">What was measured.</param>
/// <param name="Unit">Of all figures but the ratios.</param>
/// <param name="Components">How many components the chain has, or null.</param>
/// <param name="Rounds">How often each was measured.</param>
/// <param name="Ours">Median.</param>
/// <param name="Peers">Those there are; none where nobody else does it.</param>
/// <param name="Limit">Median, or null where there is no limit that could be measured.</param>
internal sealed record Row(
    string Section, string What, string Unit, int? Components, int Rounds, double Ours, ImmutableArray<PeerFigure> Peers, double? Limit);

/// <summary>A peer in a row.</summary>
/// <param name="Name">For example <c>libxdp 1.6.3</c>.</param>
/// <param name="Value">Median.</param>
/// <param name="Ratio">Ours over the peer's, round by round; below 1 we are ahead. Null where the peer's was 0.</param>
internal sealed record PeerFigure(string Name, double Value, Spread? Ratio);
