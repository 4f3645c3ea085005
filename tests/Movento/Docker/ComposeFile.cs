using System.Text.Json;
using System.Text.RegularExpressions;
using Movento.Harness;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Movento.Tests.Docker;

/// <summary>docker/compose.yml, as much of it as concerns this program.</summary>
internal sealed partial class ComposeFile
{
    public required Dictionary<string, Service> Services { get; init; }

    public static string Text { get; } = File.ReadAllText(Repository.Combine("docker", "compose.yml"));

    public static ComposeFile Read() =>
        new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).IgnoreUnmatchedProperties().Build()
            .Deserialize<ComposeFile>(new MergingParser(new Parser(new StringReader(Text))));

    /// <summary>What a container of this program's image runs, without what a service adds.</summary>
    public static string[] EntryPoint() =>
        JsonSerializer.Deserialize<string[]>(EntryPointLine().Match(File.ReadAllText(Repository.Combine("docker", "Dockerfile"))).Groups[1].Value)!;

    /// <summary>The text with its variables filled in: what they are by default, or a password.</summary>
    public static string Filled(string text) => Variable().Replace(text, match => match.Groups[2].Value is "?" ? "2f1dcb6a" : match.Groups[3].Value);

    [GeneratedRegex(@"^ENTRYPOINT (\[.*\])$", RegexOptions.Multiline)]
    private static partial Regex EntryPointLine();

    [GeneratedRegex(@"\$\{(\w+):([?-])([^}]*)\}")]
    private static partial Regex Variable();

    public sealed class Service
    {
        /// <summary>Of somebody else's; null where this program is in it.</summary>
        public string? Image { get; init; }

        public Dictionary<string, string> Environment { get; init; } = [];

        public string[] Command { get; init; } = [];

        public HealthCheck? Healthcheck { get; init; }

        public Dictionary<string, Dependency> DependsOn { get; init; } = [];
    }

    public sealed class HealthCheck
    {
        public required string[] Test { get; init; }
    }

    public sealed class Dependency
    {
        public required string Condition { get; init; }
    }
}
