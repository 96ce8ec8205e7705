using Dispatcher.SimulatedKernel;

namespace Dispatcher.Runtime.Tests.Simulation;

/// <summary>Where a test cuts in.</summary>
internal static class Cuts
{
    /// <summary>Before the first matching call of a process, once.</summary>
    public static void Before(this World world, Host host, string operation, Action<SimCall> action, string arguments = "", int skip = 0)
    {
        var left = skip;
        var isDone = false;
        world.Kernel.OnCall = call =>
        {
            if (isDone || !Matches(call, host, operation, arguments) || left-- > 0)
                return;
            isDone = true;
            action(call);
        };
    }

    /// <summary>Before every matching call of a process.</summary>
    public static void BeforeEach(this World world, Host host, string operation, Action<SimCall> action, string arguments = "")
    {
        var isInside = false;
        world.Kernel.OnCall = call =>
        {
            if (isInside || !Matches(call, host, operation, arguments))
                return;
            isInside = true;
            try
            {
                action(call);
            }
            finally
            {
                isInside = false;
            }
        };
    }

    /// <summary>Before the call of a process with this number.</summary>
    public static void BeforeCall(this World world, Host host, int index, Action<SimCall> action) => world.Kernel.OnCall = call =>
    {
        if (call.Process == host.Process && call.Index == index)
            action(call);
    };

    /// <summary>How many calls of a process an action takes.</summary>
    public static int CountCalls(Host host, Action action)
    {
        var before = host.Process.CallCount;
        action();
        return host.Process.CallCount - before;
    }

    private static bool Matches(SimCall call, Host host, string operation, string arguments) =>
        call.Process == host.Process && call.Operation == operation && call.Arguments.Contains(arguments, StringComparison.Ordinal);
}
