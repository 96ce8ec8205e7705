using Dispatcher.Testing;

namespace Dispatcher.Packages.Tests.Libraries;

/// <summary>A project of somebody else: outside the repository, with one package and a program, and nothing of ours around it.</summary>
internal sealed class Consumer : IDisposable
{
    private readonly TempFolder _folder = new();

    // Beside the project, which takes in every source below it.
    private readonly TempFolder _others = new();

    /// <summary>Writes the project.</summary>
    /// <param name="package">Name of the package.</param>
    /// <param name="version">Its version.</param>
    /// <param name="program">Its C#.</param>
    public Consumer(string package, string version, string program)
    {
        // Packages of ours go into a folder of its own, since their version stays while they change; what others made is taken
        // from where this machine has it.
        File.WriteAllText(_folder.PathOf("Consumer.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <NuGetAudit>false</NuGetAudit>
                <RestoreAdditionalProjectSources>{BuiltPackages.Folder}</RestoreAdditionalProjectSources>
                <RestorePackagesPath>{PackagesFolder}</RestorePackagesPath>
                <RestoreFallbackFolders>{LinkOthers()}</RestoreFallbackFolders>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{package}" Version="{version}" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(_folder.PathOf("Program.cs"), program);
    }

    /// <summary>Where the packages of ours are unpacked.</summary>
    public string PackagesFolder => _folder.PathOf("packages");

    // Not ours, which somebody may have restored there when they were others of the same version.
    private string LinkOthers()
    {
        var named = Environment.GetEnvironmentVariable("NUGET_PACKAGES");
        var usual = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var folder = string.IsNullOrEmpty(named) ? usual : named;
        foreach (var package in Directory.Exists(folder) ? Directory.EnumerateDirectories(folder) : [])
        {
            if (!Path.GetFileName(package).StartsWith("dispatcher.", StringComparison.Ordinal))
                Directory.CreateSymbolicLink(_others.PathOf(Path.GetFileName(package)), package);
        }

        return _others.FullPath;
    }

    /// <summary>Restores, builds and runs it; returns what it printed.</summary>
    public string Run()
    {
        DotNet("build", "-c", "Release", "-o", _folder.PathOf("out"), "--nologo", "-v", "quiet", "-nodeReuse:false");
        return DotNet(_folder.PathOf("out/Consumer.dll"));
    }

    private string DotNet(params string[] arguments) => Tool.Run(new ToolRequest("dotnet", arguments)
    {
        WorkingDirectory = _folder.FullPath,
        Timeout = TimeSpan.FromMinutes(5),
    }).OrFail().Output;

    /// <inheritdoc/>
    public void Dispose()
    {
        _folder.Dispose();
        _others.Dispose();
    }
}
