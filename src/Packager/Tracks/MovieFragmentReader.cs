using Movento.Packager.IsoBmff;
using Movento.Packager.IsoBmff.Boxes;

namespace Movento.Packager.Tracks;

/// <summary>Reads a moof (ISO/IEC 14496-12 §8.8.4): the samples of one track.</summary>
internal static class MovieFragmentReader
{
    /// <summary>Adds the samples that the fragment has for <paramref name="track"/>.</summary>
    /// <param name="moof">The body.</param>
    /// <param name="moofOffset">Of the moof's first byte in the file.</param>
    /// <param name="track">Its headers filled already.</param>
    public static void Read(BoxReader moof, long moofOffset, SourceTrack track)
    {
        for (var index = 0; moof.TryReadBox(out var traf, index);)
        {
            if (traf.Type != BoxType.Traf)
                continue;
            var children = traf;
            var tfhd = children.Find(BoxType.Tfhd);
            var header = Tfhd.Read(ref tfhd);
            if (header.TrackId == track.Header.TrackId)
                ReadTrackFragment(traf, header, moofOffset, isFirst: index == 0, track);
            index++;
        }
    }

    private static void ReadTrackFragment(BoxReader traf, Tfhd header, long moofOffset, bool isFirst, SourceTrack track)
    {
        if (!header.DefaultBaseIsMoof && header.BaseDataOffset is null && !isFirst)
            throw traf.Error(MediaFormatError.Unsupported, "The data offsets count from the end of the track fragment before.");
        if ((header.SampleDescriptionIndex ?? track.Defaults.SampleDescriptionIndex) > 1)
            throw traf.Error(MediaFormatError.Unsupported, "The fragment uses another sample entry than the first.");

        var @base = header.BaseDataOffset is { } offset ? (long)Math.Min(offset, long.MaxValue / 2) : moofOffset;
        var position = @base;
        while (traf.TryReadBox(out var child))
        {
            switch (child.Type)
            {
                case BoxType.Tfdt:
                    track.MoveTo(child, Tfdt.Read(ref child).BaseMediaDecodeTime);
                    break;
                case BoxType.Trun:
                    ReadRun(child, header, @base, ref position, track);
                    break;
            }
        }
    }

    private static void ReadRun(BoxReader box, Tfhd header, long @base, ref long position, SourceTrack track)
    {
        var run = Trun.Read(ref box);
        if (run.Count > SampleList.MaxCount)
            throw box.Error(MediaFormatError.TooLarge, $"The run has {run.Count} samples; at most {SampleList.MaxCount} are packaged.");
        if (run.DataOffset is { } dataOffset)
            position = @base + dataOffset;
        for (var index = 0; index < (int)run.Count; index++)
        {
            var row = run[index];
            var size = row.Size ?? header.SampleSize ?? track.Defaults.SampleSize;
            var flags = row.Flags ?? header.SampleFlags ?? track.Defaults.SampleFlags;
            track.Add(
                box, position, size, row.Duration ?? header.SampleDuration ?? track.Defaults.SampleDuration, row.CompositionOffset,
                isSync: (flags & SampleFlags.IsNonSync) == 0);
            position += size;
        }
    }
}
