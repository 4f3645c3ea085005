using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using Movento.Packager.Cmaf;
using Movento.Packager.Presentations;
using Movento.Packager.Protection.Ciphers;
using Movento.Packager.Protection.Subsamples;
using Movento.Packager.Tracks;

namespace Movento.Packager.Protection;

/// <summary>
/// Writes a CMAF track file whose samples are encrypted with cbcs or cenc. What stands in a moof depends on the samples after it, so
/// each fragment is read before it is written (again, where it does not fit one buffer), and the index, whose place comes first, is
/// written last. Memory stays at one batch of samples and one fragment's rows.
/// </summary>
internal sealed class ProtectedTrackWriter : IDisposable
{
    private readonly SourceTrack _track;
    private readonly EncryptionScheme _scheme;
    private readonly ISubsampleRule? _rule;
    private readonly KeySchedule _keys;
    private readonly SampleBatches _batches;
    private readonly SubsampleTable _table;
    private readonly Stream _destination;
    private ulong _nextVector;

    public ProtectedTrackWriter(Stream source, Stream destination, SourceTrack track, EncryptionScheme scheme, KeySchedule keys)
    {
        _track = track;
        _scheme = scheme;
        _keys = keys;
        _destination = destination;
        _rule = SubsampleRule.For(track.Entry!.Box.AsSpan());
        _batches = new SampleBatches(source);
        _table = new SubsampleTable(isAligned: scheme == EncryptionScheme.Cenc);
        _nextVector = keys.FirstSampleVector;
    }

    private bool HasSampleVectors => _scheme == EncryptionScheme.Cenc;

    /// <summary>Reads a fragment's samples and says how each is encrypted.</summary>
    /// <param name="fragment">Of the track.</param>
    /// <param name="segment">The index of its segment.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async ValueTask<FragmentProtection> PrepareAsync(FragmentPlan fragment, int segment, CancellationToken cancellationToken)
    {
        _table.Clear();
        var end = fragment.First + fragment.Count;
        for (var first = fragment.First; first < end && (_rule is not null || HasSampleVectors);)
        {
            var count = _rule is null ? end - first : await _batches.ReadAsync(_track.Samples, first, end, cancellationToken).ConfigureAwait(false);
            Map(first, count);
            first += count;
        }

        // Where tenc's key serves, no group is needed.
        var period = _keys.PeriodOf(segment);
        var description = _keys.Describe(period);
        return new FragmentProtection(_table, _rule is not null, description == _keys.Describe(0) ? null : description);
    }

    /// <summary>Writes the samples of the fragment that was prepared last.</summary>
    /// <param name="fragment">Of the track.</param>
    /// <param name="segment">The index of its segment.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    public async ValueTask WriteAsync(FragmentPlan fragment, int segment, CancellationToken cancellationToken)
    {
        var period = _keys.PeriodOf(segment);
        var (cipher, vector) = (_keys.Cipher(period), _keys.Vector(period));
        var end = fragment.First + fragment.Count;
        for (int first = fragment.First, row = 0; first < end;)
        {
            var count = await _batches.ReadAsync(_track.Samples, first, end, cancellationToken).ConfigureAwait(false);
            row = Encrypt(first, count, row, cipher, vector);
            _batches.Forget();
            await _destination.WriteAsync(_batches.Bytes, cancellationToken).ConfigureAwait(false);
            first += count;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _batches.Dispose();
        _table.Dispose();
    }

    private void Map(int first, int count)
    {
        var bytes = _rule is null ? default : _batches.Bytes.Span;
        foreach (ref readonly var sample in _track.Samples.Span.Slice(first, count))
        {
            _table.BeginSample(HasSampleVectors ? _nextVector++ : null, _rule is not null);
            if (_rule is not null)
            {
                _rule.Map(bytes[..(int)sample.Size], _table);
                bytes = bytes[(int)sample.Size..];
            }

            _table.EndSample(_rule is not null);
        }
    }

    // Follows the rows that stand in senc by now, so that what is encrypted is what was said. Returns where the next row begins.
    private int Encrypt(int first, int count, int row, BlockCipher cipher, Vector128<byte> constantVector)
    {
        var bytes = _batches.Bytes.Span;
        var rows = _table.Rows;
        foreach (ref readonly var sample in _track.Samples.Span.Slice(first, count))
        {
            var data = bytes[..(int)sample.Size];
            bytes = bytes[(int)sample.Size..];
            var (vector, counter) = (0ul, 0ul);
            if (HasSampleVectors)
            {
                vector = BinaryPrimitives.ReadUInt64BigEndian(rows[row..]);
                row += sizeof(ulong);
            }

            if (_rule is null)
            {
                if (HasSampleVectors)
                    cipher.EncryptCounter(data, vector, ref counter);
                else
                    cipher.EncryptChain(data[..(data.Length & ~(BlockCipher.BlockSize - 1))], constantVector);
                continue;
            }

            var pairs = BinaryPrimitives.ReadUInt16BigEndian(rows[row..]);
            row += sizeof(ushort);
            for (; pairs > 0; pairs--, row += sizeof(ushort) + sizeof(uint))
            {
                int clear = BinaryPrimitives.ReadUInt16BigEndian(rows[row..]);
                var size = (int)BinaryPrimitives.ReadUInt32BigEndian(rows[(row + sizeof(ushort))..]);
                if (HasSampleVectors)
                    cipher.EncryptCounter(data.Slice(clear, size), vector, ref counter);
                else
                    cipher.EncryptPattern(data.Slice(clear, size), constantVector);
                data = data[(clear + size)..];
            }
        }

        return row;
    }
}
