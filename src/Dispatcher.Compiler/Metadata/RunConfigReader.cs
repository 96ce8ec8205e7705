using System.Collections.Immutable;
using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Elf;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Compiler.Metadata;

/// <summary>Reads what a component says about its place in a chain, from the BTF of its object file.</summary>
/// <remarks>
/// In C, with the header for component authors:
/// <code>
/// struct { __uint(priority, 10); __uint(XDP_PASS, 1); } XDP_RUN_CONFIG(my_program);
/// </code>
/// which is <c>DATASEC .xdp_run_config -> VAR _my_program -> STRUCT</c>, with one member per value. Source: docs/protocol.md.
/// </remarks>
public static class RunConfigReader
{
    /// <summary>Section of the run configs.</summary>
    public const string Section = ".xdp_run_config";

    private const string PriorityMember = "priority";

    /// <summary>Reads the run config of one function.</summary>
    /// <param name="btf">BTF of the object file.</param>
    /// <param name="functionName">Full function name.</param>
    /// <returns>
    /// What it says, over the default: an action that is not named stays as it is in <see cref="RunConfig.Default"/>,
    /// so XDP_PASS ends the chain only when it is named with 0. Null when the function has no run config.
    /// </returns>
    /// <exception cref="MalformedObjectException">It is no structure, or a member has another name or shape than is defined.</exception>
    public static RunConfig? Read(BtfData btf, string functionName)
    {
        ArgumentNullException.ThrowIfNull(btf);
        if (MetadataVariable.Find(btf, Section, "_" + functionName) is not { } id)
            return null;
        var type = btf.Get<BtfVar>(id)!.Type;
        if (btf.Get<BtfStruct>(btf.Resolve(type)) is not { } config)
            throw btf.Malformed(id, $"the run config of {Printable.Escape(functionName)} is a structure, not {BtfC.Describe(btf, type)}");

        var (priority, actions) = (RunConfig.Default.Priority, RunConfig.Default.Actions.Mask);
        foreach (var member in config.Members)
        {
            if (MetadataVariable.ReadNumber(btf, member.Type) is not { } value)
                throw btf.Malformed(id, $"the member {Printable.Escape(member.Name)} of a run config is a pointer to an array, not {BtfC.Describe(btf, member.Type)}");
            if (member.Name == PriorityMember)
                priority = value;
            else if (FindAction(member.Name) is { } action)
                actions = value != 0 ? actions | 1u << (int)action : actions & ~(1u << (int)action);
            else
                throw btf.Malformed(id, $"a member of a run config is priority or an action such as XDP_PASS, not {Printable.Escape(member.Name)}");
        }

        return new RunConfig(priority, new ChainCallActions(actions));
    }

    /// <summary>Functions that an object has run configs for, and does not hold: misspelt, most likely.</summary>
    /// <param name="elf">The object.</param>
    /// <param name="btf">Its BTF.</param>
    public static ImmutableArray<string> FindStray(ElfObject elf, BtfData btf)
    {
        ArgumentNullException.ThrowIfNull(elf);
        ArgumentNullException.ThrowIfNull(btf);
        var functions = elf.Symbols.Where(symbol => symbol.Type == ElfSymbolType.Function).Select(symbol => symbol.Name);
        return [.. MetadataVariable.In(btf, Section).Where(variable => variable.Name.StartsWith('_')).Select(variable => variable.Name[1..]).Except(functions)];
    }

    private static XdpAction? FindAction(string name)
    {
        foreach (var action in XdpActionNames.All)
        {
            if (action.KernelName() == name)
                return action;
        }

        return null;
    }
}
