using Movento.Packager.IsoBmff;
using Movento.Packager.IsoBmff.Boxes;
using Movento.Packager.Presentations;

namespace Movento.Packager.Tracks;

/// <summary>Reads a moov (ISO/IEC 14496-12 §8.2.1): the first track of a kind, or the one with an id.</summary>
internal static class MovieReader
{
    /// <summary>Fills <paramref name="track"/> with the headers and the samples that stand in the moov itself.</summary>
    /// <exception cref="MediaFormatException">There is no such track, or it cannot be packaged.</exception>
    public static void Read(BoxReader moov, TrackKind kind, uint? trackId, SourceTrack track)
    {
        var children = moov;
        var header = children.Find(BoxType.Mvhd);
        var movieTimescale = Mvhd.Read(ref header).Timescale;

        children = moov;
        for (var index = 0; children.TryReadBox(out var trak, index);)
        {
            if (trak.Type != BoxType.Trak)
                continue;
            index++;
            if (!IsOfKind(trak, kind) || trackId is not null && IdOf(trak) != trackId)
                continue;
            ReadTrack(trak, movieTimescale, track);
            ReadDefaults(moov, track);
            return;
        }

        var which = trackId is { } id ? $" with the id {id}" : "";
        throw moov.Error(MediaFormatError.Missing, $"There is no {Name(kind)} track{which}.");
    }

    private static string Name(TrackKind kind) => kind switch
    {
        TrackKind.Video => "video",
        TrackKind.Audio => "audio",
        TrackKind.Text => "subtitle",
        _ => "image",
    };

    private static uint IdOf(BoxReader trak)
    {
        var header = trak.Find(BoxType.Tkhd);
        return Tkhd.Read(ref header).TrackId;
    }

    private static bool IsOfKind(BoxReader trak, TrackKind kind)
    {
        var handler = trak.Find(BoxType.Mdia).Find(BoxType.Hdlr);
        return MovieOutline.KindOf(Hdlr.Read(ref handler).Type) == kind;
    }

    private static void ReadTrack(BoxReader trak, uint movieTimescale, SourceTrack track)
    {
        (track.Path, track.Offset) = (trak.Path, trak.Offset);
        BoxReader mdia = default, elst = default;
        var (hasHeader, hasEdit) = (false, false);
        while (trak.TryReadBox(out var child))
        {
            switch (child.Type)
            {
                case BoxType.Tkhd:
                    track.Header = Tkhd.Read(ref child);
                    hasHeader = true;
                    break;
                case BoxType.Edts:
                    hasEdit = child.TryFind(BoxType.Elst, out elst);
                    break;
                case BoxType.Mdia:
                    mdia = child;
                    break;
            }
        }

        if (!hasHeader)
            throw trak.Error(MediaFormatError.Missing, "There is no tkhd box.");
        var media = mdia;
        var mdhd = media.Find(BoxType.Mdhd);
        track.Media = Mdhd.Read(ref mdhd);
        if (hasEdit)
            track.Edit = SourceEdit.Read(ref elst, movieTimescale, track.Media.Timescale);

        media = mdia;
        var minf = media.Find(BoxType.Minf);
        var information = minf;
        if (information.TryFind(BoxType.Dinf, out var dinf) && dinf.TryFind(BoxType.Dref, out var dref) && !Dref.ReadIsSelfContained(ref dref))
            throw dref.Error(MediaFormatError.Unsupported, "The media lies in another file.");
        var stbl = minf.Find(BoxType.Stbl);
        track.Entry = ReadSampleEntry(stbl);
        SampleTableReader.Read(stbl, track);
    }

    private static SampleEntry ReadSampleEntry(BoxReader stbl)
    {
        var stsd = stbl.Find(BoxType.Stsd);
        stsd.ReadFullBoxHeader(highestVersion: 1); // QuickTime writes 1 for sound
        var count = stsd.ReadUInt32();
        if (count > 1)
            throw stsd.Error(MediaFormatError.Unsupported, $"The track has {count} sample entries; one is packaged: encode the track anew, in one format.");
        if (count == 0 || !stsd.TryReadBox(out var entry))
            throw stsd.Error(MediaFormatError.Missing, "The track has no sample entry.");
        return SampleEntry.Read(ref entry);
    }

    private static void ReadDefaults(BoxReader moov, SourceTrack track)
    {
        if (!moov.TryFind(BoxType.Mvex, out var mvex))
            return;
        while (mvex.TryFind(BoxType.Trex, out var box))
        {
            track.AddDefaults(Trex.Read(ref box));
        }
    }
}
