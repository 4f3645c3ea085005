using System.Collections.Immutable;
using Movento.Packager.IsoBmff;
using Movento.Packager.IsoBmff.Boxes;
using Movento.Packager.Presentations;
using Movento.Packager.Text;

namespace Movento.Packager.Tracks;

/// <summary>Lists the tracks of a moov (ISO/IEC 14496-12 §8.2.1), without judging whether they can be packaged.</summary>
internal static class MovieOutline
{
    // A film of every language has some dozens.
    private const int MaxTracks = 256;

    /// <summary>Reads the headers of every track.</summary>
    /// <exception cref="MediaFormatException">A header is broken, or there are too many tracks.</exception>
    public static ImmutableArray<OutlinedTrack> Read(BoxReader moov)
    {
        var tracks = ImmutableArray.CreateBuilder<OutlinedTrack>();
        var (movieTimescale, fragmentDuration) = (1u, 0L);
        var children = moov;
        while (children.TryReadBox(out var child))
        {
            if (child.Type == BoxType.Mvhd)
                movieTimescale = Mvhd.Read(ref child).Timescale;
            else if (child.Type == BoxType.Mvex && child.TryFind(BoxType.Mehd, out var mehd))
                fragmentDuration = Mehd.Read(ref mehd).FragmentDuration;
        }

        var inFragments = Seconds(fragmentDuration, movieTimescale);
        for (var index = 0; moov.TryReadBox(out var trak, index);)
        {
            if (trak.Type != BoxType.Trak)
                continue;
            if (++index > MaxTracks)
                throw trak.Error(MediaFormatError.TooLarge, $"The file has more than {MaxTracks} tracks.");
            tracks.Add(ReadTrack(trak, inFragments));
        }

        return tracks.ToImmutable();
    }

    /// <summary>What a handler's media is packaged as; null for what is not packaged, such as time codes and metadata.</summary>
    public static TrackKind? KindOf(FourCC handler) => handler.ToString() switch
    {
        "vide" => TrackKind.Video,
        "soun" => TrackKind.Audio,
        "text" or "sbtl" or "subt" => TrackKind.Text,
        _ => null,
    };

    private static OutlinedTrack ReadTrack(BoxReader trak, TimeSpan inFragments)
    {
        var children = trak;
        var tkhd = children.Find(BoxType.Tkhd);
        var header = Tkhd.Read(ref tkhd);
        children = trak;
        var mdia = children.Find(BoxType.Mdia);
        children = mdia;
        var mdhd = children.Find(BoxType.Mdhd);
        var media = Mdhd.Read(ref mdhd);
        children = mdia;
        var hdlr = children.Find(BoxType.Hdlr);
        var handler = Hdlr.Read(ref hdlr).Type;
        return new OutlinedTrack
        {
            TrackId = header.TrackId,
            Kind = KindOf(handler),
            Handler = handler,
            SampleEntry = ReadSampleEntry(mdia),
            Language = ReadLanguage(mdia) ?? LanguageCode.Tag(media.Language),
            Timescale = media.Timescale,
            Duration = media.Duration > 0 ? Seconds(media.Duration, media.Timescale) : inFragments,
        };
    }

    private static FourCC? ReadSampleEntry(BoxReader mdia)
    {
        if (!mdia.TryFind(BoxType.Minf, out var minf) || !minf.TryFind(BoxType.Stbl, out var stbl) || !stbl.TryFind(BoxType.Stsd, out var stsd))
            return null;
        stsd.Skip(4 + 4); // version, flags, entry_count
        return stsd.TryReadBox(out var entry) ? new FourCC(entry.Type) : null;
    }

    private static string? ReadLanguage(BoxReader mdia) =>
        mdia.TryFind(BoxType.Elng, out var elng) && Elng.Read(ref elng) is { Length: > 0 and <= 64 } tag && tag.All(character => char.IsAsciiLetterOrDigit(character) || character == '-')
            ? tag
            : null;

    private static TimeSpan Seconds(long ticks, uint timescale) =>
        ticks <= 0 ? TimeSpan.Zero : new TimeSpan((long)Int128.Min((Int128)ticks * TimeSpan.TicksPerSecond / timescale, TimeSpan.MaxValue.Ticks));
}
