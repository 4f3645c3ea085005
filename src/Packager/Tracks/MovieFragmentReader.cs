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
        // §8.8.7.1: without a base of its own, a track fragment's data begins at the moof, or, in files older than default-base-is-moof, where the
        // data of the track fragment before it ends. So those of other tracks are followed too.
        var dataEnd = moofOffset;
        for (var index = 0; moof.TryReadBox(out var traf, index);)
        {
            if (traf.Type != BoxType.Traf)
                continue;
            var children = traf;
            var tfhd = children.Find(BoxType.Tfhd);
            var header = Tfhd.Read(ref tfhd);
            var @base = header.BaseDataOffset is { } offset ? (long)Math.Min(offset, long.MaxValue / 2)
                : header.DefaultBaseIsMoof || index == 0 ? moofOffset : dataEnd;
            var isWanted = header.TrackId == track.Header.TrackId;
            if (isWanted && (header.SampleDescriptionIndex ?? track.Defaults.SampleDescriptionIndex) > 1)
                throw traf.Error(MediaFormatError.Unsupported, "The fragment uses another sample entry than the first.");
            dataEnd = ReadTrackFragment(traf, header, @base, isWanted ? track : null, track.DefaultSizeOf(header.TrackId));
            index++;
        }
    }

    // Returns where the data ends. Without a track it only counts.
    private static long ReadTrackFragment(BoxReader traf, Tfhd header, long @base, SourceTrack? track, uint defaultSize)
    {
        var position = @base;
        while (traf.TryReadBox(out var child))
        {
            switch (child.Type)
            {
                case BoxType.Tfdt when track is not null:
                    track.MoveTo(child, Tfdt.Read(ref child).BaseMediaDecodeTime);
                    break;
                case BoxType.Trun:
                    var run = Trun.Read(ref child);
                    if (run.DataOffset is { } dataOffset)
                        position = @base + dataOffset;
                    position = track is not null
                        ? AddRun(child, run, header, position, track)
                        : (long)Int128.Min(position + run.TotalSize(header.SampleSize ?? defaultSize), long.MaxValue / 2);
                    break;
            }
        }

        return position;
    }

    private static long AddRun(in BoxReader box, Trun run, Tfhd header, long position, SourceTrack track)
    {
        if (run.Count > track.MaxSamples)
            throw box.Error(MediaFormatError.TooLarge, $"The run has {run.Count} samples; at most {track.MaxSamples} are packaged of a file of this size.");
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

        return position;
    }
}
