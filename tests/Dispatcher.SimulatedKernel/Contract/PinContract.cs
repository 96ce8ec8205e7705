using System.Collections.Immutable;
using Dispatcher.Runtime;

namespace Dispatcher.SimulatedKernel.Contract;

/// <summary>Rules of the BPF file system.</summary>
internal static class PinContract
{
    public static ImmutableArray<ContractRule> Rules { get; } =
    [
        new("P-227 P-241", "A pin keeps a program alive until it is unpinned", false, machine =>
        {
            var pin = machine.Folder + "/program";
            ProgramId id;
            using (var program = machine.LoadXdp())
            {
                id = machine.IdOf(program);
                Assert.True(machine.Port.Files.Pin(program, pin));
                Assert.False(machine.Port.Files.Pin(program, pin));
            }

            using (var again = machine.Port.Files.OpenProgram(pin))
                Assert.Equal(id, machine.IdOf(again!));
            Assert.True(machine.Port.Files.Unpin(pin));
            Assert.False(machine.Port.Files.Unpin(pin));
            Assert.Null(machine.Port.Files.OpenProgram(pin));
            Assert.True(machine.Eventually(() => !machine.Lives(id)));
        }),
        new("P-229", "A pin that is gone, or whose directory is, is null to open", false, machine =>
        {
            Assert.Null(machine.Port.Files.OpenProgram(machine.Folder + "/none"));
            Assert.Null(machine.Port.Files.OpenLink(machine.Folder + "/none/prog0-link"));
            Assert.False(machine.Port.Files.Unpin(machine.Folder + "/none/prog0-link"));
        }),
        new("A pinned link is no program", false, machine =>
        {
            var pin = machine.Folder + "/link";
            using var program = machine.LoadXdp();
            using (var link = machine.LinkHook(program))
                Assert.True(machine.Port.Files.Pin(link, pin));
            Assert.Equal(KernelErrno.EINVAL, Assert.Throws<KernelException>(() => machine.Port.Files.OpenProgram(pin)?.Dispose()).Errno);
            machine.Port.Files.Unpin(pin);
        }),
        new("P-240", "Closing the last fd of a link frees it at once", false, machine =>
        {
            using var program = machine.LoadXdp();
            LinkId id;
            using (var link = machine.LinkHook(program))
                id = machine.Port.Bpf.GetInfo(link).Id;
            Assert.Null(machine.Port.Bpf.OpenLink(id));
            Assert.Empty(machine.Port.Hook.Read(machine.Ifindex)!.Attached);
        }),
        new("P-240", "A pinned link holds without any fd, and is freed after the unpin, not before", false, machine =>
        {
            var pin = machine.Folder + "/link";
            using var program = machine.LoadXdp();
            using (var link = machine.LinkHook(program))
                machine.Port.Files.Pin(link, pin);
            Assert.Single(machine.Port.Hook.Read(machine.Ifindex)!.Attached);
            machine.Port.Files.Unpin(pin);
            Assert.True(machine.Eventually(() => machine.Port.Hook.Read(machine.Ifindex)!.Attached.IsEmpty));
        }),
        new("P-128 P-240", "An fd that is held across the unpin keeps the link", false, machine =>
        {
            var pin = machine.Folder + "/link";
            using var program = machine.LoadXdp();
            using (var link = machine.LinkHook(program))
            {
                machine.Port.Files.Pin(link, pin);
                machine.Port.Files.Unpin(pin);
                Assert.False(machine.Eventually(() => machine.Port.Hook.Read(machine.Ifindex)!.Attached.IsEmpty));
            }

            // By now the pin's reference is gone as well, so the fd was the last.
            Assert.Empty(machine.Port.Hook.Read(machine.Ifindex)!.Attached);
        }),
        new("Directories are made once and removed when empty", false, machine =>
        {
            var folder = machine.Folder + "/sub";
            Assert.Null(machine.Port.Files.List(folder));
            Assert.Null(machine.Port.Files.Age(folder));
            Assert.True(machine.Port.Files.MakeDirectory(folder));
            Assert.False(machine.Port.Files.MakeDirectory(folder));
            machine.Port.Files.MakeDirectory(folder + "/b");
            machine.Port.Files.MakeDirectory(folder + "/a");
            Assert.Equal(["a", "b"], machine.Port.Files.List(folder)!);
            Assert.Equal(["b"], machine.Port.Files.List(folder, "b")!);
            Assert.Equal([], machine.Port.Files.List(folder, "ab")!);
            Assert.False(machine.Port.Files.RemoveDirectory(folder));
            Assert.True(machine.Port.Files.RemoveDirectory(folder + "/a"));
            Assert.True(machine.Port.Files.RemoveDirectory(folder + "/b"));
            Assert.True(machine.Port.Files.RemoveDirectory(folder));
            Assert.False(machine.Port.Files.RemoveDirectory(folder));
        }),
        new("P-228", "A pin or directory needs a parent, and a name without dots", false, machine =>
        {
            using var program = machine.LoadXdp();
            Assert.Equal(KernelErrno.ENOENT, Assert.Throws<KernelException>(() => machine.Port.Files.Pin(program, machine.Folder + "/none/pin")).Errno);
            Assert.Equal(KernelErrno.ENOENT, Assert.Throws<KernelException>(() => machine.Port.Files.MakeDirectory(machine.Folder + "/none/sub")).Errno);
            Assert.Equal(KernelErrno.EPERM, Assert.Throws<KernelException>(() => machine.Port.Files.Pin(program, machine.Folder + "/a.b")).Errno);
            Assert.Equal(KernelErrno.EPERM, Assert.Throws<KernelException>(() => machine.Port.Files.MakeDirectory(machine.Folder + "/a.b")).Errno);
        }),
        new("A directory is not unpinned and a pin is no directory", false, machine =>
        {
            var folder = machine.Folder + "/sub";
            var pin = machine.Folder + "/pin";
            using var program = machine.LoadXdp();
            machine.Port.Files.MakeDirectory(folder);
            machine.Port.Files.Pin(program, pin);
            Assert.ThrowsAny<KernelException>(() => machine.Port.Files.Unpin(folder));
            Assert.ThrowsAny<KernelException>(() => machine.Port.Files.RemoveDirectory(pin));
            Assert.True(machine.Port.Files.Unpin(pin));
            Assert.True(machine.Port.Files.RemoveDirectory(folder));
        }),
        new("Where there is a BPF file system is known", false, machine =>
        {
            Assert.True(machine.Port.Files.IsBpfFs(machine.Folder));
            Assert.False(machine.Port.Files.IsBpfFs(machine.Folder + "/none"));
            Assert.False(machine.Port.Files.IsBpfFs("/"));
        }),
    ];
}
