using Movento.Packager.IsoBmff;
using Movento.Packager.IsoBmff.Boxes;

namespace Movento.Packager.Tracks;

/// <summary>One track of a source file: what its headers say, and every sample.</summary>
public sealed class SourceTrack(long fileLength) : IDisposable
{
    // Some room above every time that follows from one: a tick of 1/2^32 s would still reach for 30 years.
    private const long MaxTime = 1L << 62;

    // A sample takes 20 bytes here, twice that in an array rented for a power of two; 16 MiB and four times the file are what a hostile one may cost.
    // A real file has more than 10 bytes a sample, or fewer than 419430 samples.
    private const int FreeSamples = (16 << 20) / 40;
    private const int FileBytesPerSample = 40 / 4;

    private const int MaxOtherTracks = 256;
    private readonly Dictionary<uint, uint> _otherSizes = [];

    /// <summary>Where its trak lies, for errors.</summary>
    internal BoxPath Path { get; set; }

    /// <summary>Of its trak's body in the file, for errors.</summary>
    internal long Offset { get; set; }

    /// <summary>The track header.</summary>
    public Tkhd Header { get; set; }

    /// <summary>The media header.</summary>
    public Mdhd Media { get; set; }

    /// <summary>What is shown of the media, and when.</summary>
    public SourceEdit Edit { get; set; }

    /// <summary>How the samples are coded.</summary>
    public SampleEntry? Entry { get; set; }

    /// <summary>The defaults of the fragments.</summary>
    public Trex Defaults { get; private set; }

    /// <summary>In decode order.</summary>
    public SampleList Samples { get; } = new();

    /// <summary>The decode time of the first sample, in ticks of <see cref="Media"/>.</summary>
    public long FirstDecodeTime { get; private set; }

    /// <summary>The decode time at which the samples so far end.</summary>
    public long EndDecodeTime { get; private set; }

    /// <summary>How many samples a file of this size may have, so that a number in it cannot make the reader allocate at will.</summary>
    internal int MaxSamples { get; } = (int)Math.Min(SampleList.MaxCount, FreeSamples + fileLength / FileBytesPerSample);

    /// <summary>Keeps what a trex says: all of this track's, of the others how large their samples are.</summary>
    internal void AddDefaults(Trex trex)
    {
        if (trex.TrackId == Header.TrackId)
            Defaults = trex;
        else if (trex.SampleSize != 0 && _otherSizes.Count < MaxOtherTracks)
            _otherSizes[trex.TrackId] = trex.SampleSize;
    }

    /// <summary>The default size of a track's samples, of this or another one; 0 where nothing says it.</summary>
    internal uint DefaultSizeOf(uint trackId) => trackId == Header.TrackId ? Defaults.SampleSize : _otherSizes.GetValueOrDefault(trackId);

    /// <summary>Adds a sample after a check that the source has its bytes.</summary>
    /// <param name="box">For the error.</param>
    /// <param name="offset">Of the first byte.</param>
    /// <param name="size">In bytes.</param>
    /// <param name="duration">In ticks.</param>
    /// <param name="compositionOffset">In ticks.</param>
    /// <param name="isSync">Whether the source calls it a sync sample.</param>
    public void Add(in BoxReader box, long offset, uint size, uint duration, int compositionOffset, bool isSync)
    {
        if (Samples.Count == MaxSamples)
            throw box.Error(MediaFormatError.TooLarge, $"The track has more than {MaxSamples} samples, the most that are packaged of a file of this size.");
        if (offset < 0 || size > fileLength || offset > fileLength - size)
            throw box.Error(MediaFormatError.Truncated, $"Sample {Samples.Count + 1} lies at {offset} with {size} bytes; the file has {fileLength}.");
        ref var sample = ref Samples.Add();
        sample.Offset = offset;
        sample.Size = size;
        sample.Duration = duration;
        sample.CompositionOffset = compositionOffset;
        sample.IsSync = isSync;
        EndDecodeTime += duration;
    }

    /// <summary>Moves to the decode time that a fragment names; the sample before it lasts until then.</summary>
    /// <param name="box">For the error.</param>
    /// <param name="decodeTime">In ticks.</param>
    public void MoveTo(in BoxReader box, long decodeTime)
    {
        if (decodeTime > MaxTime)
            throw box.Error(MediaFormatError.TooLarge, $"The decode time {decodeTime} is too large.");
        if (Samples.Count == 0)
        {
            FirstDecodeTime = EndDecodeTime = decodeTime;
            return;
        }

        ref var last = ref Samples[^1];
        var duration = last.Duration + (decodeTime - EndDecodeTime);
        if (duration is <= 0 or > uint.MaxValue)
            throw box.Error(MediaFormatError.Invalid, $"The decode time {decodeTime} does not follow on {EndDecodeTime}.");
        last.Duration = (uint)duration;
        EndDecodeTime = decodeTime;
    }

    /// <summary>Adds the samples of a chunk, which lies at <paramref name="fileStart"/> of the whole, with the times that they have there.</summary>
    internal void Append(SourceTrack chunk, long fileStart, ChunkTimes times)
    {
        var samples = chunk.Samples.Span;
        if (Samples.Count == 0)
            FirstDecodeTime = times.Decode[0];
        if (samples.Length > MaxSamples - Samples.Count)
            throw Error(MediaFormatError.TooLarge, $"The track has more than {MaxSamples} samples, the most that are packaged of files of this size.");
        chunk.Retime(times);
        foreach (ref readonly var retimed in samples)
        {
            ref var sample = ref Samples.Add();
            sample = retimed;
            sample.Offset += fileStart;
        }

        EndDecodeTime = chunk.EndDecodeTime;
    }

    /// <summary>Gives the samples of a chunk the times that they have in the whole.</summary>
    internal void Retime(ChunkTimes times)
    {
        var samples = Samples.Span;
        for (var index = 0; index < samples.Length; index++)
        {
            ref var sample = ref samples[index];
            sample.Duration = checked((uint)((index + 1 < samples.Length ? times.Decode[index + 1] : Math.Max(times.End, times.Decode[index] + 1)) - times.Decode[index]));
            sample.CompositionOffset = checked((int)(times.Presentation[index] - times.Decode[index]));
        }

        (FirstDecodeTime, EndDecodeTime) = (times.Decode[0], Math.Max(times.End, times.Decode[^1] + 1));
    }

    /// <summary>An error of the track as a whole.</summary>
    internal MediaFormatException Error(MediaFormatError error, string message) => new(error, Path.ToString(), Offset, message);

    /// <inheritdoc/>
    public void Dispose() => Samples.Dispose();
}
