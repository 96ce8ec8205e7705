namespace Dispatcher.Compiler.Model;

/// <summary>Figures that every implementation of the protocol shares.</summary>
public static class DispatcherLimits
{
    /// <summary>Slots that a dispatcher has at most.</summary>
    public const int MaxSlots = 10;

    /// <summary>What a stub returns when no component replaces it.</summary>
    public const int EmptyStubVerdict = 31;

    /// <summary>Run priority of a component that states none; lower runs earlier.</summary>
    public const uint DefaultPriority = 50;

    /// <summary>First config byte from version 2 on.</summary>
    public const byte ConfigMagic = 236;
}
