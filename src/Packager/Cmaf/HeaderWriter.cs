using Movento.Packager.IsoBmff;
using Movento.Packager.IsoBmff.Boxes;
using Movento.Packager.Presentations;
using Movento.Packager.Protection;
using Movento.Packager.Text;
using Movento.Packager.Tracks;

namespace Movento.Packager.Cmaf;

/// <summary>Writes the CMAF header of a track (ISO/IEC 23000-19 §7.3.1): ftyp and a moov without samples.</summary>
internal static class HeaderWriter
{
    /// <summary>The one track of every file.</summary>
    public const uint TrackId = 1;

    /// <summary>Writes the header.</summary>
    public static void Write(BoxWriter writer, SourceTrack track, TrackTimeline timeline, CmafSettings settings, KeySchedule? keys = null)
    {
        // iso6 has sidx, tfdt and default-base-is-moof; dash says that the sidx indexes the file (ISO/IEC 23009-1 §6.3.4.2).
        var cmfc = FourCC.Of("cmfc"u8);
        ReadOnlySpan<FourCC> kind = settings.Kind == TrackKind.Text ? [FourCC.Of("cwvt"u8)] : []; // ISO/IEC 23000-19 Table A.3
        Ftyp.Write(writer, cmfc, 0, [FourCC.Of("iso6"u8), cmfc, FourCC.Of("dash"u8), .. kind, .. track.Entry!.Brands]);

        var moov = writer.Begin(BoxType.Moov);
        new Mvhd(track.Media.Timescale, 0, TrackId + 1).Write(writer);
        WriteTrack(writer, track, timeline, settings, keys);
        var mvex = writer.Begin(BoxType.Mvex);
        if (settings.CompositionDelay is null)
            new Mehd(timeline.End).Write(writer);
        new Trex(TrackId, 1, 0, 0, 0).Write(writer);
        writer.End(mvex);
        foreach (var header in keys?.SystemHeaders() ?? [])
            writer.WriteBytes(header.AsSpan());
        writer.End(moov);
    }

    private static void WriteTrack(BoxWriter writer, SourceTrack track, TrackTimeline timeline, CmafSettings settings, KeySchedule? keys)
    {
        var trak = writer.Begin(BoxType.Trak);
        (track.Header with { TrackId = TrackId, Duration = 0, Volume = settings.Kind == TrackKind.Audio ? (ushort)0x0100 : (ushort)0 }).Write(writer);
        if (timeline.MediaTime > 0)
        {
            var edts = writer.Begin(BoxType.Edts);
            Elst.Write(writer, new Edit(0, timeline.MediaTime, Edit.NormalRate));
            writer.End(edts);
        }

        var mdia = writer.Begin(BoxType.Mdia);
        var code = settings.Language is { } tag ? LanguageCode.Pack(tag) : LanguageCode.Tag(track.Media.Language) is null ? Mdhd.Undetermined : track.Media.Language;
        (track.Media with { Duration = 0, Language = code }).Write(writer);
        new Hdlr(settings.Kind switch { TrackKind.Audio => Hdlr.Audio, TrackKind.Text => Hdlr.Text, _ => Hdlr.Video }).Write(writer);
        if (settings.Language is { } language)
            Elng.Write(writer, language);
        var minf = writer.Begin(BoxType.Minf);
        switch (settings.Kind)
        {
            case TrackKind.Audio: Smhd.Write(writer); break;
            case TrackKind.Text: Nmhd.Write(writer); break;
            default: Vmhd.Write(writer); break;
        }

        var dinf = writer.Begin(BoxType.Dinf);
        Dref.Write(writer);
        writer.End(dinf);
        WriteSampleTable(writer, track, settings, keys);
        writer.End(minf);
        writer.End(mdia);
        writer.End(trak);
    }

    private static void WriteSampleTable(BoxWriter writer, SourceTrack track, CmafSettings settings, KeySchedule? keys)
    {
        var entry = track.Entry!;
        var stbl = writer.Begin(BoxType.Stbl);
        var stsd = writer.BeginFull(BoxType.Stsd, 0, 0);
        writer.WriteUInt32(1);
        if (keys is not null && settings.Encryption!.Scheme != EncryptionScheme.Aes128)
            ProtectedSampleEntry.Write(writer, entry.Box.AsSpan(), settings.Kind == TrackKind.Video, settings.Encryption.Scheme, keys.Describe(0));
        else
            writer.WriteBytes(entry.Box.AsSpan());
        writer.End(stsd);
        Stts.Write(writer);
        Stsc.Write(writer);
        Stsz.Write(writer);
        Stco.Write(writer);
        if (entry.PreRoll > TimeSpan.Zero)
            new Sgpd(RollDistance(track, entry.PreRoll)).Write(writer);
        writer.End(stbl);
    }

    // As many samples as last that long.
    private static short RollDistance(SourceTrack track, TimeSpan preRoll)
    {
        var ticks = (Int128)preRoll.Ticks * track.Media.Timescale;
        var sample = (Int128)track.Samples[0].Duration * TimeSpan.TicksPerSecond;
        return (short)-Int128.Min((ticks + sample - 1) / sample, short.MaxValue);
    }
}
