using Movento.Packager.Presentations;

namespace Movento.Packager.Hls;

/// <summary>Sound renditions of one codec, between which a player may choose (RFC 8216bis §4.4.6.1.1).</summary>
internal sealed class AudioGroup
{
    private AudioGroup(string codecs, Rendition[] renditions)
    {
        Codecs = codecs;
        Id = codecs;
        Renditions = renditions;
        Default = renditions.FirstOrDefault(rendition => rendition.IsDefault) ?? renditions[0];
        PeakBitrate = renditions.Max(rendition => rendition.PeakBitrate);
        AverageBitrate = renditions.Max(rendition => rendition.AverageBitrate);
    }

    /// <summary>GROUP-ID: the codec, so that it stays when other groups come.</summary>
    public string Id { get; }

    /// <summary>Of every rendition in it.</summary>
    public string Codecs { get; }

    /// <summary>In the presentation's order.</summary>
    public IReadOnlyList<Rendition> Renditions { get; }

    /// <summary>The one that plays unasked.</summary>
    public Rendition Default { get; }

    /// <summary>Of the one with the highest peak.</summary>
    public long PeakBitrate { get; }

    /// <summary>Of the one with the highest average.</summary>
    public long AverageBitrate { get; }

    /// <summary>NAME: what a person reads; two of a group may not have the same (§4.4.6.1.1), so a second one gets its id behind it.</summary>
    public string NameOf(Rendition rendition)
    {
        foreach (var other in Renditions)
        {
            if (other == rendition)
                break;
            if (PlainName(other) == PlainName(rendition))
                return $"{PlainName(rendition)} ({rendition.Id})";
        }

        return PlainName(rendition);
    }

    private static string PlainName(Rendition rendition) => rendition.Name ?? rendition.Language ?? rendition.Id;

    /// <summary>The groups of a presentation.</summary>
    public static IReadOnlyList<AudioGroup> Of(Presentation presentation) =>
        [.. presentation.Audio.GroupBy(rendition => rendition.Codecs).Select(group => new AudioGroup(group.Key, [.. group]))];
}
