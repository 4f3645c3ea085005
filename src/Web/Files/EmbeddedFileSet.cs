using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace Movento.Web.Files;

/// <summary>
/// Every file of the pages, read from the assembly once. The version names the whole set: pages link to
/// <c>/static/{version}/…</c>, modules import each other by relative URLs and so inherit it, and everything below it
/// may be cached for ever.
/// </summary>
internal sealed class EmbeddedFileSet
{
    private const string ResourcePrefix = "wwwroot/";
    private const string PagePrefix = "pages/";
    private const string PartPrefix = "parts/";

    private readonly FrozenDictionary<string, EmbeddedFile> _files;

    /// <param name="edgeOrigin">Put into the pages, which connect to it before the first script runs.</param>
    public EmbeddedFileSet(string edgeOrigin)
    {
        // 1. Read everything; a published file is its resource name without the prefix.
        var assembly = typeof(EmbeddedFileSet).Assembly;
        var contents = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .ToDictionary(name => name[ResourcePrefix.Length..], name => Read(assembly.GetManifestResourceStream(name)!));

        // 2. The version: a hash over every name and content, in order.
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, content) in contents)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{path}\n{content.Length}\n"));
            hash.AppendData(content);
        }
        Version = Convert.ToHexStringLower(hash.GetHashAndReset())[..16];

        // 3. Pages hold their parts, and name the version, the edge and their modules; everything else is served as it is written.
        _files = contents.Where(file => !file.Key.StartsWith(PartPrefix, StringComparison.Ordinal)).ToFrozenDictionary(
            file => file.Key,
            file => new EmbeddedFile(file.Key, file.Key.StartsWith(PagePrefix, StringComparison.Ordinal)
                ? FillIn(file.Key, contents, edgeOrigin)
                : file.Value));
    }

    /// <summary>Names this exact set of files.</summary>
    public string Version { get; }

    /// <summary>A page, such as <c>watch</c>.</summary>
    public EmbeddedFile Page(string name) => _files[$"{PagePrefix}{name}.html"];

    /// <summary>A file that pages link to, or null. Pages themselves are not among them: their address is their route.</summary>
    public EmbeddedFile? Find(string path) =>
        path.StartsWith(PagePrefix, StringComparison.Ordinal) ? null : _files.GetValueOrDefault(path);

    private byte[] FillIn(string path, Dictionary<string, byte[]> contents, string edgeOrigin)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        var modules = ModuleGraph.ImportsOf($"js/{name}/{name}.js", contents)
            .Select(module => $"<link rel=\"modulepreload\" href=\"/static/{Version}/{module}\">");
        return Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(contents[path])
            .Replace("{{head}}", Part("head"), StringComparison.Ordinal)
            .Replace("{{header}}", Part("header"), StringComparison.Ordinal)
            .Replace("{{modules}}", string.Join("\n  ", modules), StringComparison.Ordinal)
            .Replace("{{version}}", Version, StringComparison.Ordinal)
            .Replace("{{edge}}", edgeOrigin, StringComparison.Ordinal));

        // What is the same in every page.
        string Part(string part) => Encoding.UTF8.GetString(contents[$"{PartPrefix}{part}.html"]).TrimEnd();
    }

    private static byte[] Read(Stream resource)
    {
        using (resource)
        {
            var content = new byte[resource.Length];
            resource.ReadExactly(content);
            return content;
        }
    }
}
