using System.Xml.Linq;

namespace Movento.Architecture.Tests;

/// <summary>Who may reference whom (ARCHITECTURE.md), read from the project files.</summary>
public sealed class ProjectArrowsTests
{
    /// <summary>The arrows: a project of src/ and everything it may reference.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Packager"] = [],
        ["Contracts"] = [],
        ["ApiDescription"] = ["Contracts"],
        ["Storage"] = ["Contracts"],
        ["Ingest"] = ["ApiDescription", "Contracts", "Packager", "Storage"],
        ["Edge"] = ["Contracts", "Packager", "Storage"],
        ["ControlPlane"] = ["ApiDescription", "Contracts", "Storage"],
        ["Web"] = [],
        ["Movento"] = ["ApiDescription", "Contracts", "ControlPlane", "Edge", "Ingest", "Packager", "Storage", "Web"],
    };

    public static TheoryData<string> Projects => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_References_OnlyWhatItsArrowsAllow(string project)
    {
        var references = Load(project).Descendants("ProjectReference")
            .Select(reference => reference.Attribute("Include")!.Value.Replace('\\', '/').Split('/')[^2]);

        Assert.Empty(references.Except(Allowed[project]));
    }

    [Fact]
    public void EveryProjectOfSrc_HasItsArrowsHere()
    {
        var projects = Checkout.Files
            .Where(path => path.StartsWith("src/", StringComparison.Ordinal) && path.EndsWith(".csproj", StringComparison.Ordinal))
            .Select(path => path.Split('/')[1]);

        Assert.Equal(Allowed.Keys.Order(), projects.Order());
    }

    [Fact]
    public void Packager_UsesTheBaseClassLibraryAlone()
    {
        var project = Load("Packager");

        Assert.Empty(project.Descendants("PackageReference"));
        Assert.Empty(project.Descendants("FrameworkReference"));
    }

    [Fact]
    public void TransitiveReferences_AreOff_SoThatEveryArrowStandsInAProjectFile() =>
        Assert.Contains("<DisableTransitiveProjectReferences>true<", Checkout.Read("Directory.Build.props"), StringComparison.Ordinal);

    [Fact]
    public void TestsAndBenchmarks_AreReferencedByNothingOfSrc() =>
        Assert.All(
            Allowed.Keys,
            project => Assert.All(
                Load(project).Descendants("ProjectReference"),
                reference => Assert.DoesNotContain("../../", reference.Attribute("Include")!.Value, StringComparison.Ordinal)));

    private static XDocument Load(string project) =>
        XDocument.Parse(Checkout.Read(Checkout.Files.Single(
            path => path.StartsWith($"src/{project}/", StringComparison.Ordinal) && path.EndsWith(".csproj", StringComparison.Ordinal))));
}
