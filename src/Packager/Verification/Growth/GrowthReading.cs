namespace Movento.Packager.Verification.Growth;

/// <summary>Every manifest of a presentation at one moment.</summary>
internal sealed class GrowthReading
{
    public Dictionary<string, PlaylistReading> Playlists { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, DescriptionReading> Descriptions { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether nothing more will come.</summary>
    public bool IsFinished => Playlists.Values.All(playlist => playlist.HasEnded) && Descriptions.Values.All(description => !description.IsDynamic);

    /// <summary>Holds what came after it against it. What only comes later (rungs of the finished film) was promised to nobody.</summary>
    public void CompareTo(GrowthReading next, Findings findings)
    {
        foreach (var (address, playlist) in Playlists)
        {
            if (next.Playlists.TryGetValue(address, out var later))
                playlist.CompareTo(later, findings);
            else
                findings.Add(VerificationRule.HlsGrowthSegments, new FindingLocation(address), "The playlist was named, and is not any more.");
        }

        foreach (var (address, description) in Descriptions)
        {
            if (next.Descriptions.TryGetValue(address, out var later))
                description.CompareTo(later, findings);
        }
    }

    /// <summary>Says of everything that still grows that it should have ended.</summary>
    public void NeverEnds(TimeSpan limit, Findings findings)
    {
        foreach (var playlist in Playlists.Values.Where(playlist => !playlist.HasEnded))
            findings.Add(VerificationRule.HlsGrowthEnd, new FindingLocation(playlist.Address), $"After {limit} there is no EXT-X-ENDLIST.");
        foreach (var description in Descriptions.Values.Where(description => description.IsDynamic))
            findings.Add(VerificationRule.DashGrowthEnd, new FindingLocation(description.Address), $"After {limit} the MPD is still dynamic.");
    }
}
