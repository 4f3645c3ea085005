using Movento.Packager.IsoBmff;
using Movento.Packager.IsoBmff.Boxes;

namespace Movento.Packager.Tracks;

/// <summary>Reads an stbl (ISO/IEC 14496-12 §8.5.1) into samples, in one walk over its tables.</summary>
internal static class SampleTableReader
{
    /// <summary>Adds every sample of the table to <paramref name="track"/>; none where the table is empty, as in a fragmented file.</summary>
    public static void Read(BoxReader stbl, SourceTrack track)
    {
        Stts stts = default;
        Ctts ctts = default;
        Stss stss = default;
        Stsz stsz = default;
        Stsc stsc = default;
        Stco stco = default;
        var hasSync = false;
        var end = stbl;
        while (end.TryReadBox(out var child))
        {
            switch (child.Type)
            {
                case BoxType.Stts:
                    stts = Stts.Read(ref child);
                    break;
                case BoxType.Ctts:
                    ctts = Ctts.Read(ref child);
                    break;
                case BoxType.Stss:
                    stss = Stss.Read(ref child);
                    hasSync = true;
                    break;
                case BoxType.Stsz or BoxType.Stz2:
                    stsz = Stsz.Read(ref child);
                    break;
                case BoxType.Stsc:
                    stsc = Stsc.Read(ref child);
                    break;
                case BoxType.Stco or BoxType.Co64:
                    stco = Stco.Read(ref child);
                    break;
            }
        }

        if (stsz.Count == 0)
            return;
        if (stsz.Count > track.MaxSamples)
            throw stbl.Error(MediaFormatError.TooLarge, $"The track has {stsz.Count} samples; at most {track.MaxSamples} are packaged of a file of this size.");
        if (stsc.Count == 0 || stco.Count == 0)
            throw stbl.Error(MediaFormatError.Missing, "The samples have no chunks.");

        if (stsz.HasRows)
            track.Samples.Reserve((int)stsz.Count);
        var durations = new RunCursor();
        var offsets = new RunCursor();
        var (syncIndex, run, chunk, leftInChunk) = (0, -1, -1, 0u);
        var position = 0L;
        for (var index = 0; index < (int)stsz.Count; index++)
        {
            // :: The chunk, and with it the position
            while (leftInChunk == 0)
            {
                if (++chunk == stco.Count)
                    throw stbl.Error(MediaFormatError.Invalid, $"The chunks hold {index} of {stsz.Count} samples.");
                while (run + 1 < stsc.Count && stsc[run + 1].FirstChunk <= (uint)chunk + 1)
                    run++;
                if (run < 0)
                    throw stbl.Error(MediaFormatError.Invalid, "The first run of chunks does not begin with chunk 1.");
                leftInChunk = stsc[run].SamplesPerChunk;
                position = (long)Math.Min(stco[chunk], long.MaxValue);
            }

            leftInChunk--;

            // :: The times
            while (durations.Left == 0)
            {
                if (durations.Run == stts.Count)
                    throw stbl.Error(MediaFormatError.Invalid, $"The decode times cover {index} of {stsz.Count} samples.");
                durations.Left = stts[durations.Run++].SampleCount;
            }

            durations.Left--;
            while (offsets.Left == 0 && offsets.Run < ctts.Count)
                offsets.Left = ctts[offsets.Run++].SampleCount;
            var compositionOffset = 0;
            if (offsets.Left > 0)
            {
                offsets.Left--;
                compositionOffset = ctts[offsets.Run - 1].SampleOffset;
            }

            // :: Sync: without an stss every sample is (§8.6.2.1)
            while (syncIndex < stss.Count && stss[syncIndex] < (uint)index + 1)
                syncIndex++;
            var isSync = !hasSync || syncIndex < stss.Count && stss[syncIndex] == (uint)index + 1;

            var size = stsz[index];
            track.Add(stbl, position, size, stts[durations.Run - 1].SampleDelta, compositionOffset, isSync);
            position += size;
        }
    }

    // Where a walk over a table of runs stands: in the run before Run, with Left samples to go.
    private struct RunCursor
    {
        public int Run;
        public uint Left;
    }
}
