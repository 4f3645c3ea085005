namespace Movento.Packager.Verification;

/// <summary>
/// How many segments a presentation may name, and with how many characters: a short template under a long folder would fill any memory.
/// </summary>
internal sealed class SegmentBudget
{
    /// <summary>Of one track: a sidx has no more.</summary>
    public const int MaxSegmentsOfTrack = 65536;

    private const int MaxSegments = 262_144;
    private const int MaxCharacters = 4 << 20;

    private int _segments;
    private long _characters;

    /// <summary>Takes one segment.</summary>
    /// <param name="address">Its file's.</param>
    /// <param name="before">The file of the segment before; the same text costs nothing again.</param>
    /// <returns>False when there have been too many.</returns>
    public bool TryTake(ref string address, string? before)
    {
        if (address == before)
            address = before;
        else
            _characters += address.Length;
        return ++_segments <= MaxSegments && _characters <= MaxCharacters;
    }
}
