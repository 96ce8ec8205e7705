using System.Globalization;
using System.Text.Json;
using Dispatcher.Testing;

namespace Dispatcher.Cli.Tests.Kernel;

/// <summary>Bad input on a real kernel: its own message and exit code, and the hook as it was.</summary>
[Collection(KernelCollection.Name)]
public sealed class RefusalTests : IDisposable
{
    private readonly OwnInterface _nic = new();

    /// <inheritdoc/>
    public void Dispose() => _nic.Dispose();

    [RootFact]
    public async Task A_program_of_somebody_else_is_named_and_left_alone()
    {
        using var foreign = new ForeignProgram(_nic, ComponentObject.Read("firewall"));
        await RefusesWith(3, "xdp_firewall", "load", "$", ComponentObject.PathOf("counter"));
        await RefusesWith(3, "xdp_firewall", "unload", "$", "-a");
        var status = await _nic.Status();
        Assert.Equal("xdp_firewall", status.GetProperty("foreign").GetProperty("name").GetString());
        Assert.False(status.TryGetProperty("dispatcher", out _));
    }

    [RootFact]
    public async Task A_dispatcher_of_version_9_is_left_alone_and_its_version_named()
    {
        var twin = (await CliRun.Of("emit", "--format", "c")).Output;
        var ninth = twin.Replace("#define DISPATCHER_VERSION 2", "#define DISPATCHER_VERSION 9", StringComparison.Ordinal);
        Assert.NotEqual(twin, ninth);
        using var foreign = new ForeignProgram(_nic, Clang.Compile(ninth));
        await RefusesWith(3, "9", "load", "$", ComponentObject.PathOf("counter"));
        await RefusesWith(3, "9", "unload", "$", "-a");
        Assert.Contains("protocol version 9", (await _nic.Expect(0, "inspect", "$")).Output, StringComparison.Ordinal);
    }

    [ExtFact]
    public async Task An_eleventh_program_is_refused()
    {
        var counter = ComponentObject.PathOf("counter");
        await RefusesWith(1, "10", ["load", "$", .. Enumerable.Repeat(counter, 11)]);
        await _nic.Expect(0, ["load", "$", .. Enumerable.Repeat(counter, 10)]);
        Assert.Equal(10, (await _nic.ProgramIds()).Length);
        await RefusesWith(1, "10", "load", "$", counter);
    }

    [ExtFact]
    public async Task A_program_that_the_verifier_refuses_shows_the_last_useful_line_and_with_v_the_log()
    {
        var refused = ComponentObject.PathOf("refused");
        await _nic.Expect(0, "load", "$", ComponentObject.PathOf("counter"));
        var run = await RefusesWith(1, "xdp_refused", "load", "$", refused);
        Assert.DoesNotContain("processed ", run.Error, StringComparison.Ordinal);
        var verbose = await RefusesWith(1, "--- log ---", "load", "$", refused, "-v");
        Assert.Contains("processed ", verbose.Error, StringComparison.Ordinal);
        var log = verbose.Error[verbose.Error.IndexOf("--- log ---", StringComparison.Ordinal)..];
        var told = run.Error[(run.Error.IndexOf($"{refused}: ", StringComparison.Ordinal) + refused.Length + 2)..run.Error.IndexOf("'.\n", StringComparison.Ordinal)];
        Assert.All(told.Split(", at '"), part => Assert.Contains(part, log, StringComparison.Ordinal));
        Assert.Contains(", at 'return eth->type", told, StringComparison.Ordinal);
    }

    [ExtFact]
    public async Task Without_bpffs_the_message_says_what_names_the_place()
    {
        var counter = ComponentObject.PathOf("counter");
        Environment.SetEnvironmentVariable("LIBXDP_BPFFS", _nic.Folder.FullPath);
        var run = await _nic.Run("load", "$", counter);
        Assert.True(run.ExitCode != 0, run.Output);
        Assert.Contains("which LIBXDP_BPFFS names. Leave that out", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("AUTOMOUNT", run.Error, StringComparison.Ordinal);
        Assert.Null(_nic.ProgramOnHook());
    }

    [ExtFact]
    public async Task Ids_that_are_named_twice_or_not_there_change_nothing()
    {
        await _nic.Expect(0, "load", "$", ComponentObject.PathOf("counter"));
        var id = (await _nic.ProgramIds())[0].ToString(CultureInfo.InvariantCulture);
        await RefusesWith(2, "named twice", "unload", "$", "-i", id, "-i", id);
        await RefusesWith(6, "4294967295", "unload", "$", "-i", id, "-i", "4294967295");
        await RefusesWith(6, "nobody", "unload", "$", "-n", "nobody");
    }

    [RootFact]
    public async Task An_object_that_is_not_one_changes_nothing()
    {
        var counter = ComponentObject.PathOf("counter");
        var good = ComponentObject.Read("counter");
        await RefusesWith(6, "missing.o", "load", "$", _nic.Folder.PathOf("missing.o"));
        await RefusesWith(1, "not an ELF", "load", "$", _nic.Folder.Write("text.o", "int main;\n"u8));
        await RefusesWith(1, "BPF", "load", "$", "/bin/sh");
        await RefusesWith(1, "Malformed ELF", "load", "$", _nic.Folder.Write("cut.o", good.AsSpan(0, good.Length / 2)));
        await RefusesWith(6, "xdp_counter", "load", "$", counter, "-n", "nobody");
        await RefusesWith(6, "no XDP program", "load", "$", _nic.Folder.Write("data.o", Clang.Compile("int number = 1;\n")));
        await RefusesWith(6, "missing.o", "load", "$", counter, _nic.Folder.PathOf("missing.o"));
    }

    [ExtFact]
    public async Task Mutated_objects_are_refused_or_loaded_but_never_a_crash()
    {
        var good = ComponentObject.Read("counter");
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var i = 0; i < 60; i++)
        {
            byte[] bytes = [.. good];
            for (var changes = random.Next(1, 5); changes > 0; changes--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var run = await _nic.Run("load", "$", _nic.Folder.Write("m.o", bytes)).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
            Assert.True(run.ExitCode is 0 or 1 or 6 && !run.Error.Contains("unexpected", StringComparison.Ordinal), $"seed {seed}, mutation {i}: {run.ExitCode} {run.Error}");
            if (run.ExitCode == 0)
                await _nic.Expect(0, "unload", "$", "-a");
            Assert.Null(_nic.ProgramOnHook());
        }
    }

    [ExtFact]
    public async Task Who_may_not_is_told_who_may()
    {
        var counter = ComponentObject.PathOf("counter");
        await _nic.Expect(0, "load", "$", counter);
        var before = _nic.ProgramOnHook();
        // No capability, but still the owner of the files: another user might not even reach the tool.
        var run = Tool.Run("setpriv", "--bounding-set=-all", "--inh-caps=-all", "--", BuiltTool.FilePath, "load", _nic.Name, counter);
        Assert.True(run.ExitCode is 1 or 4, $"{run.ExitCode} {run.Error}");
        Assert.Matches("root|CAP_", run.Error);
        Assert.DoesNotContain("unexpected", run.Error, StringComparison.Ordinal);
        Assert.Equal(before, _nic.ProgramOnHook());
    }

    [RootFact]
    public async Task An_interface_that_is_not_there_is_answered_with_those_that_are()
    {
        var run = await RefusesWith(6, _nic.Name, "status", _nic.Name + "x");
        Assert.Contains($"did you mean '{_nic.Name}'?", run.Error, StringComparison.Ordinal);
        using var document = JsonDocument.Parse((await RefusesWith(6, "", "unload", "none0", "-a", "--json")).Output);
        Assert.Equal("not-found", document.RootElement.GetProperty("error").GetProperty("kind").GetString());
    }

    private async Task<CliRun> RefusesWith(int exitCode, string says, params string[] args)
    {
        var before = _nic.ProgramOnHook();
        var run = await _nic.Expect(exitCode, args);
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
        Assert.Equal(before, _nic.ProgramOnHook());
        return run;
    }
}
