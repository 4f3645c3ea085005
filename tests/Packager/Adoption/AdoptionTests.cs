using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Movento.Harness;

namespace Movento.Packager.Tests.Adoption;

/// <summary>The library as others take it: its README's example in a trimmed program, and its package in a project that knows nothing of this checkout.</summary>
public sealed partial class AdoptionTests
{
    // What a build leaves running would hold its output open, and us waiting for its end. The sources were analysed when these tests were built.
    private static readonly string[] NothingStays =
        ["-c", "Release", "-v", "quiet", "-clp:NoSummary", "-nodeReuse:false", "-p:UseSharedCompilation=false", "-p:RunAnalyzers=false"];

    private static readonly string Example = Repository.Combine("tests", "Adopter", "Program.cs");

    [Fact]
    public async Task Example_OfTheReadme_IsTheAdoptersProgram()
    {
        var readme = await File.ReadAllTextAsync(Repository.Combine("src", "Packager", "README.md"));
        var block = Assert.Single(CodeBlock().Matches(readme).AsEnumerable());
        Assert.Equal(await File.ReadAllTextAsync(Example), block.Groups[1].Value);
    }

    [Fact]
    public async Task Example_Trimmed_PublishesWithoutAWarningAndPackagesAFilm()
    {
        using var folder = new TemporaryFolder();
        await DotnetAsync("publish", Repository.Combine("tests", "Adopter"), "-o", folder.Combine("program")); // the library as it was built for these tests

        var film = await FilmAsync(folder);
        var frames = await FrameCount.OfAsync(film);
        var said = await Tool.OutputAsync(folder.Combine("program", "Movento.Adopter"), folder.Combine("film"), film);

        Assert.Contains($"v720: avc1.64001f, 3 segments, {frames} samples", said, StringComparison.Ordinal);
        Assert.Equal(frames, await FrameCount.OfAsync(folder.Combine("film", "master.m3u8")));
        Assert.Equal(frames, await FrameCount.OfAsync(folder.Combine("film", "segments", "master.m3u8")));
    }

    [Fact]
    public async Task Package_InAProjectOfSomebodyElse_PackagesAFilm()
    {
        using var folder = new TemporaryFolder();
        await DotnetAsync("pack", Repository.Combine("src", "Packager"), "--no-build", "-o", folder.Combine("feed")); // as it was built for these tests
        var package = Assert.Single(Directory.GetFiles(folder.Combine("feed"), "*.nupkg"));
        Assert.Single(Directory.GetFiles(folder.Combine("feed"), "*.snupkg"));
        AssertComplete(package);

        // Its own package folder, so that no package of an earlier run is taken; its own sources, so that nothing else is.
        var project = folder.Combine("project");
        Directory.CreateDirectory(project);
        File.Copy(Example, Path.Combine(project, "Program.cs"));
        await File.WriteAllTextAsync(Path.Combine(project, "nuget.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{folder.Combine("packages")}" /></config>
              <packageSources><clear /><add key="feed" value="{folder.Combine("feed")}" /></packageSources>
            </configuration>
            """);
        await File.WriteAllTextAsync(Path.Combine(project, "Somebody.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <UseAppHost>false</UseAppHost>
              </PropertyGroup>
              <ItemGroup><PackageReference Include="Movento.Packager" Version="*" /></ItemGroup>
            </Project>
            """);
        await DotnetAsync("build", project, "-o", folder.Combine("program"));
        var said = await Tool.OutputAsync("dotnet", folder.Combine("program", "Somebody.dll"), folder.Combine("film"), await FilmAsync(folder));
        Assert.Contains("a0: mp4a.40.2, 3 segments", said, StringComparison.Ordinal);
    }

    private static Task<string> FilmAsync(TemporaryFolder folder) =>
        FilmCut.MakeAsync(Repository.Media("bbb_720p24_60s.mp4"), folder.Combine("film.mp4"), seconds: 10, isFragmented: true);

    private static void AssertComplete(string package)
    {
        using var zip = ZipFile.OpenRead(package);
        var names = zip.Entries.Select(entry => entry.FullName).ToHashSet();
        Assert.Superset(new HashSet<string> { "README.md", "LICENSE", "lib/net10.0/Movento.Packager.dll", "lib/net10.0/Movento.Packager.xml" }, names);
        using var nuspec = zip.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        var metadata = XDocument.Load(nuspec).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
        foreach (var name in (string[])["id", "version", "authors", "license", "readme", "description", "tags"])
            Assert.False(string.IsNullOrWhiteSpace(metadata.Elements().Single(element => element.Name.LocalName == name).Value), name);
        Assert.DoesNotContain(metadata.Descendants(), element => element.Name.LocalName == "dependency");
    }

    private static Task<string> DotnetAsync(string verb, string project, params string[] arguments) => Tool.OutputAsync("dotnet", [verb, project, .. NothingStays, .. arguments]);

    [GeneratedRegex(@"^```csharp\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CodeBlock();
}
