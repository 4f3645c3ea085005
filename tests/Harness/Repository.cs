namespace Movento.Harness;

/// <summary>Where the checkout lies that the tests were built from.</summary>
public static class Repository
{
    /// <summary>The folder that holds Movento.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A path below <see cref="Root"/>.</summary>
    public static string Combine(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    /// <summary>A film of the repository's media folder.</summary>
    public static string Media(string name) => Combine("media", name);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Movento.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Movento.sln.");
    }
}
