using Movento.Packager.Presentations;

namespace Movento.Packager.Dash;

/// <summary>
/// Which renditions a player may switch between (ISO/IEC 23009-1 §5.3.3.1): of one kind, codec, language, name, role, number of channels and
/// dynamic range. A view over the renditions that allocates nothing: a set is named by its first rendition.
/// </summary>
internal readonly ref struct AdaptationSets(ReadOnlySpan<Rendition> renditions)
{
    private readonly ReadOnlySpan<Rendition> _renditions = renditions;

    /// <summary>Whether a set is named after this rendition. Still pictures have none, as DASH shows tiles, and AES-128 of whole segments is HLS' own.</summary>
    public bool IsSet(int rendition)
    {
        if (_renditions[rendition] is { Kind: TrackKind.Image } or { Encryption.Scheme: EncryptionScheme.Aes128 })
            return false;
        for (var other = 0; other < rendition; other++)
        {
            if (IsIn(other, rendition))
                return false;
        }

        return true;
    }

    /// <summary>Whether a rendition belongs to a set.</summary>
    public bool IsIn(int set, int rendition)
    {
        var (one, other) = (_renditions[set], _renditions[rendition]);
        return one.Kind == other.Kind
            && Family(one.Codecs).SequenceEqual(Family(other.Codecs))
            && one.Language == other.Language && one.Name == other.Name && one.Role == other.Role
            && one.Audio?.Channels == other.Audio?.Channels
            && one.Audio?.JointObjects == other.Audio?.JointObjects
            && one.Video?.Range == other.Video?.Range
            && one.Encryption?.Scheme == other.Encryption?.Scheme;
    }

    /// <summary>Whether the segments of all begin at the same times (§5.3.3.2, segmentAlignment).</summary>
    public bool IsAligned(int set)
    {
        var first = _renditions[set];
        for (var rendition = set + 1; rendition < _renditions.Length; rendition++)
        {
            if (IsIn(set, rendition) && !AreAligned(first, _renditions[rendition]))
                return false;
        }

        return true;
    }

    /// <summary>Whether every member has the same first key, so that the set can name it.</summary>
    public bool HasOneKey(int set)
    {
        var key = _renditions[set].Encryption?.Periods[0].KeyId;
        for (var rendition = set + 1; rendition < _renditions.Length; rendition++)
        {
            if (IsIn(set, rendition) && _renditions[rendition].Encryption?.Periods[0].KeyId != key)
                return false;
        }

        return true;
    }

    private static bool AreAligned(Rendition one, Rendition other)
    {
        if (other.Segments.Length != one.Segments.Length)
            return false;
        for (var index = 0; index < one.Segments.Length; index++)
        {
            if ((Int128)one.Segments[index].Start * other.Timescale != (Int128)other.Segments[index].Start * one.Timescale)
                return false;
        }

        return true;
    }

    // avc1 of avc1.64001f, but all of mp4a.40.2: profiles of H.264 switch into one another, object types of AAC do not.
    private static ReadOnlySpan<char> Family(ReadOnlySpan<char> codecs)
    {
        var dot = codecs.IndexOf('.');
        return dot < 0 || codecs.StartsWith("mp4a", StringComparison.Ordinal) ? codecs : codecs[..dot];
    }
}
