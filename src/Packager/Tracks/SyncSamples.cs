using System.Buffers;
using System.Buffers.Binary;
using Movento.Packager.Codecs;

namespace Movento.Packager.Tracks;

/// <summary>
/// Which samples of pictures are sync samples, where the source's tables do not say it: without an stss, and with fragments that have no flags, every
/// sample is one (ISO/IEC 14496-12 §8.6.2.1). Some writers leave both out of films whose pictures do depend on one another; so the pictures are asked.
/// </summary>
internal static class SyncSamples
{
    /// <summary>Reads the first bytes of every sample of <paramref name="track"/>, if all are called sync samples, and corrects what is none.</summary>
    public static async ValueTask VerifyAsync(Stream source, SourceTrack track, CancellationToken cancellationToken)
    {
        var samples = track.Samples;
        if (samples.Count < 2)
            return;
        foreach (ref var sample in samples.Span)
        {
            if (!sample.IsSync)
                return;
        }

        var entry = track.Entry!;
        var type = BinaryPrimitives.ReadUInt32BigEndian(entry.Box.AsSpan()[4..]);
        var head = ArrayPool<byte>.Shared.Rent(RandomAccessPicture.HeadSize);
        try
        {
            for (var index = 0; index < samples.Count; index++)
            {
                var size = (int)Math.Min(samples[index].Size, RandomAccessPicture.HeadSize);
                source.Position = samples[index].Offset;
                await source.ReadExactlyAsync(head.AsMemory(0, size), cancellationToken).ConfigureAwait(false);
                samples[index].IsSync = RandomAccessPicture.Begins(type, entry.NalLengthSize, head.AsSpan(0, size));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(head);
        }
    }
}
