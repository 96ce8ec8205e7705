using Dispatcher.Runtime;

namespace Dispatcher.SimulatedKernel.Port;

/// <summary>How a call goes: announced first, then its effect, then an errno becomes the port's answer.</summary>
internal abstract class SimPort(SimProcess process)
{
    protected SimProcess Process { get; } = process;

    protected SimKernel Kernel => Process.Kernel;

    /// <summary>Every errno is an error.</summary>
    protected T Call<T>(string operation, string arguments, Func<T> effect)
    {
        try
        {
            Process.Enter(operation, arguments);
            return Process.Return(effect());
        }
        catch (SysError error)
        {
            Process.Return(error.Errno);
            throw new KernelException($"{operation}({arguments})", error.Errno, error.Text);
        }
    }

    /// <summary>Some errno values are an answer.</summary>
    protected T Call<T>(string operation, string arguments, Func<T> effect, T otherwise, params int[] answers)
    {
        try
        {
            Process.Enter(operation, arguments);
            return Process.Return(effect());
        }
        catch (SysError error) when (answers.Contains(error.Errno))
        {
            Process.Return(error.Errno);
            return otherwise;
        }
        catch (SysError error)
        {
            Process.Return(error.Errno);
            throw new KernelException($"{operation}({arguments})", error.Errno, error.Text);
        }
    }

    protected void Call(string operation, string arguments, Action effect) => Call(operation, arguments, () =>
    {
        effect();
        return true;
    });

    protected bool Call(string operation, string arguments, Action effect, params int[] falseOn) => Call(
        operation,
        arguments,
        () =>
        {
            effect();
            return true;
        },
        false,
        falseOn);
}
