using System.Reflection;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;
using Dispatcher.Testing;
using PublicApiGenerator;

namespace Dispatcher.Tidy.Api;

/// <summary>What products compile against: a change of it is seen in a review, and never an accident.</summary>
public sealed class PublicApiTests
{
    private static readonly ApiGeneratorOptions Options = new() { IncludeAssemblyAttributes = false, DenyNamespacePrefixes = [], ExcludeAttributes = [typeof(System.Runtime.CompilerServices.AsyncIteratorStateMachineAttribute).FullName!] };

    [Fact]
    public void Of_the_compiler() => Verify(typeof(DispatcherSpec).Assembly);

    [Fact]
    public void Of_the_runtime() => Verify(typeof(XdpDispatcher).Assembly);

    [Fact]
    public void A_user_of_chains_needs_one_namespace_beside_those_of_pcap_files_and_the_doctor() => Assert.Equal(
        ["Dispatcher.Runtime", "Dispatcher.Runtime.Capture", "Dispatcher.Runtime.Features", "Microsoft.Extensions.DependencyInjection"],
        typeof(XdpDispatcher).Assembly.GetExportedTypes().Select(type => type.Namespace).Distinct().Order(StringComparer.Ordinal));

    private static void Verify(Assembly assembly, [System.Runtime.CompilerServices.CallerMemberName] string test = "")
    {
        var types = assembly.GetExportedTypes();
        var members = types.Sum(type => type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Count(member => member is not MethodInfo { IsSpecialName: true } && !IsOfRecord(member) && member is not TypeInfo));
        Figures.Print($"public API of {assembly.GetName().Name}: {types.Length} types, {members} members beside those that every record has");
        Assert.All(types, type => Assert.True(type.IsSealed || type.IsAbstract || type.IsEnum || type.IsInterface || IsBase(type), $"{type} can be derived from"));
        Snapshot.Verify(assembly.GeneratePublicApi(Options).ReplaceLineEndings("\n"), memberName: test);
    }

    // Those that others of the same assembly derive from.
    private static bool IsBase(Type type) => type.Assembly.GetTypes().Any(other => other.BaseType == type);

    private static bool IsOfRecord(MemberInfo member) =>
        member.Name is "Equals" or "GetHashCode" or "ToString" or "Deconstruct" or "<Clone>$" or "PrintMembers" or "EqualityContract";
}
