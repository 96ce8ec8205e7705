using Dispatcher.Testing;

namespace Dispatcher.Kernel.Tests.Port;

/// <summary>Tests of the port run alone, one after the other, and leave no fd, pin or namespace behind.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class PortCollection : ICollectionFixture<PortCollection.Gate>
{
    public const string Name = "port";

    /// <summary>Looks before the first test and after the last one.</summary>
    public sealed class Gate : IDisposable
    {
        private readonly LeakCheck _before = LeakCheck.Begin();

        /// <inheritdoc/>
        public void Dispose() => _before.AssertNothingLeft();
    }
}
