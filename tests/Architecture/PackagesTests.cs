using System.Xml.Linq;

namespace Movento.Architecture.Tests;

public sealed class PackagesTests
{
    /// <summary>Commercial licences, or licences that a streaming business cannot take without asking.</summary>
    private static readonly string[] Unwanted = ["AutoMapper", "FluentAssertions", "MediatR", "SixLabors.ImageSharp", "Moq"];

    private static readonly XDocument Central = XDocument.Parse(Checkout.Read("Directory.Packages.props"));

    [Fact]
    public void MassTransit_StaysBelowVersion9_WhichIsCommercial()
    {
        var versions = Versions().Where(package => package.Name.StartsWith("MassTransit", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(versions);
        Assert.All(versions, package => Assert.StartsWith("8.", package.Version, StringComparison.Ordinal));
    }

    [Fact]
    public void Packages_WithUnwantedLicences_AreAbsent() => Assert.Empty(Versions().Select(package => package.Name).Intersect(Unwanted));

    [Fact]
    public void Versions_StandInTheCentralFileAlone() =>
        Assert.All(
            Checkout.Files.Where(path => path.EndsWith(".csproj", StringComparison.Ordinal)),
            path => Assert.All(
                XDocument.Parse(Checkout.Read(path)).Descendants("PackageReference"),
                reference => Assert.Null(reference.Attribute("Version"))));

    [Fact]
    public void EveryProject_HasItsLockFile()
    {
        var projects = Checkout.Files.Where(path => path.EndsWith(".csproj", StringComparison.Ordinal)).Select(Path.GetDirectoryName);
        var locks = Checkout.Files.Where(path => path.EndsWith("packages.lock.json", StringComparison.Ordinal)).Select(Path.GetDirectoryName);

        Assert.Empty(projects.Except(locks));
    }

    private static IEnumerable<(string Name, string Version)> Versions() =>
        Central.Descendants("PackageVersion").Select(package => (package.Attribute("Include")!.Value, package.Attribute("Version")!.Value));
}
