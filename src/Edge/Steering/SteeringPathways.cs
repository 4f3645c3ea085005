using System.Collections.Immutable;
using System.Globalization;
using Movento.Edge.Cache;
using Movento.Edge.Delivery;
using Movento.Packager.Manifests;
using Movento.Packager.Presentations;

namespace Movento.Edge.Steering;

/// <summary>The pathways of the options, this edge's own first, then in their order; none where nothing is steered.</summary>
internal sealed class SteeringPathways
{
    public SteeringPathways(EdgeOptions options)
    {
        if (options.Pathway is not { } own) return;
        Pathways = [.. options.Pathways.OrderBy(pathway => pathway.Id != own).Select(pathway => new Pathway(pathway.Id, pathway.Url.TrimEnd('/')))];
    }

    /// <summary>Each with the URL that stands before the token, without a slash at its end.</summary>
    public ImmutableArray<Pathway> Pathways { get; } = [];

    public bool IsSteering => !Pathways.IsEmpty;

    /// <summary>What the manifests of a version say, with holes for the viewer's token (<see cref="ManifestTemplate"/>).</summary>
    public DeliveryHints HintsOf(VersionKey key)
    {
        if (!IsSteering) return new DeliveryHints { HasIFrameSegments = true };
        var version = string.Create(CultureInfo.InvariantCulture, $"{ManifestTemplate.Hole}/assets/{key.Asset}/v{key.Version}/");
        var folder = key.Addressing == SegmentAddressing.Segments ? "segments/" : "";
        return new DeliveryHints
        {
            HasIFrameSegments = true,
            Steering = new ContentSteering(
                $"{Pathways[0].BaseUri}{version}steering.json",
                [.. Pathways.Select(pathway => pathway with { BaseUri = $"{pathway.BaseUri}{version}{folder}" })]),
        };
    }

    /// <summary>Every error in the options of steering, as sentences.</summary>
    public static IEnumerable<string> Validate(EdgeOptions options)
    {
        if (options.SteeringLifetime < TimeSpan.FromSeconds(1) || options.SteeringLifetime > TimeSpan.FromMinutes(5))
            yield return $"Edge: SteeringLifetime is {options.SteeringLifetime}, but must be 1 second to 5 minutes.";
        if (options.Pathways.Count > MaxPathways)
            yield return $"Edge: Pathways holds {options.Pathways.Count}, but may hold {MaxPathways}.";
        foreach (var pathway in options.Pathways)
        {
            if (!Pathway.IsId(pathway.Id))
                yield return $"Edge: Pathways holds '{pathway.Id}', but an id is 1 to 32 of a-z A-Z 0-9 . - _.";
            if (!IsUrl(pathway.Url))
                yield return $"Edge: Pathways has '{pathway.Url}' for '{pathway.Id}', which is not a URL such as https://edge-b.example.";
        }

        if (options.Pathways.Select(pathway => pathway.Id).Distinct(StringComparer.Ordinal).Count() < options.Pathways.Count)
            yield return "Edge: Pathways holds an id twice.";
        if (options.Pathway is { } own ? options.Pathways.All(pathway => pathway.Id != own) : options.Pathways.Count > 0)
            yield return $"Edge: Pathway is '{options.Pathway}', but must be the id of one of the Pathways: the one that leads to this edge.";
    }

    /// <summary>Each lists the whole ladder once more in every playlist.</summary>
    private const int MaxPathways = 8;

    private static bool IsUrl(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Query.Length == 0 && uri.Fragment.Length == 0
        && uri.UserInfo.Length == 0 && !url.Contains(ManifestTemplate.Hole, StringComparison.Ordinal) && !url.AsSpan().ContainsAnyExceptInRange('!', '~');
}
