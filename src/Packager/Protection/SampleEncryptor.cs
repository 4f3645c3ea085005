using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using Movento.Packager.Presentations;
using Movento.Packager.Protection.Ciphers;
using Movento.Packager.Protection.Subsamples;
using Movento.Packager.Tracks;

namespace Movento.Packager.Protection;

/// <summary>
/// Encrypts the samples of a track with cbcs or cenc, fragment by fragment: first <see cref="Begin"/> and <see cref="Map"/> say how each sample of the
/// fragment is encrypted, which stands before them, then <see cref="Encrypt"/> does it.
/// </summary>
internal sealed class SampleEncryptor : IDisposable
{
    private readonly EncryptionScheme _scheme;
    private readonly ISubsampleRule? _rule;
    private readonly KeySchedule _keys;
    private readonly SubsampleTable _table;
    private ulong _nextVector;
    private int _row;

    /// <param name="sampleEntry">The box that says how the samples are coded.</param>
    /// <param name="scheme">cbcs or cenc.</param>
    /// <param name="keys">Which key serves when.</param>
    /// <param name="samplesBefore">How many samples of the track were encrypted already, by another of these.</param>
    public SampleEncryptor(ReadOnlySpan<byte> sampleEntry, EncryptionScheme scheme, KeySchedule keys, long samplesBefore)
    {
        _scheme = scheme;
        _keys = keys;
        _rule = SubsampleRule.For(sampleEntry);
        _table = new SubsampleTable(isAligned: scheme == EncryptionScheme.Cenc);
        _nextVector = keys.FirstSampleVector + (ulong)samplesBefore;
    }

    /// <summary>Whether the samples' bytes are wanted by <see cref="Map"/>: parts of a sample stay in the clear.</summary>
    public bool HasSubsamples => _rule is not null;

    /// <summary>Whether there is anything to be said of each sample: where not, <see cref="Map"/> need not be called.</summary>
    public bool HasRows => _rule is not null || HasSampleVectors;

    private bool HasSampleVectors => _scheme == EncryptionScheme.Cenc;

    /// <summary>Begins a fragment.</summary>
    public void Begin()
    {
        _table.Clear();
        _row = 0;
    }

    /// <summary>The next samples of the fragment, in the clear.</summary>
    /// <param name="samples">Which.</param>
    /// <param name="bytes">One after another; of no account without <see cref="HasSubsamples"/>.</param>
    public void Map(ReadOnlySpan<Sample> samples, ReadOnlySpan<byte> bytes)
    {
        foreach (ref readonly var sample in samples)
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

    /// <summary>What the fragment says of the samples that were mapped.</summary>
    /// <param name="segment">The index of its segment.</param>
    public FragmentProtection Describe(int segment)
    {
        // Where tenc's key serves, no group is needed.
        var description = _keys.Describe(_keys.PeriodOf(segment));
        return new FragmentProtection(_table, _rule is not null, description == _keys.Describe(0) ? null : description);
    }

    /// <summary>Encrypts the fragment's next samples as <see cref="Map"/> has said, so that what is encrypted is what was said.</summary>
    /// <param name="samples">Which, in the same order.</param>
    /// <param name="bytes">One after another; encrypted in place.</param>
    /// <param name="segment">The index of the fragment's segment.</param>
    public void Encrypt(ReadOnlySpan<Sample> samples, Span<byte> bytes, int segment)
    {
        var period = _keys.PeriodOf(segment);
        var (cipher, constantVector) = (_keys.Cipher(period), _keys.Vector(period));
        foreach (ref readonly var sample in samples)
        {
            EncryptSample(bytes[..(int)sample.Size], cipher, constantVector);
            bytes = bytes[(int)sample.Size..];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _table.Dispose();

    private void EncryptSample(Span<byte> data, BlockCipher cipher, Vector128<byte> constantVector)
    {
        var rows = _table.Rows;
        var (vector, counter) = (0ul, 0ul);
        if (HasSampleVectors)
        {
            vector = BinaryPrimitives.ReadUInt64BigEndian(rows[_row..]);
            _row += sizeof(ulong);
        }

        if (_rule is null)
        {
            if (HasSampleVectors)
                cipher.EncryptCounter(data, vector, ref counter);
            else
                cipher.EncryptChain(data[..(data.Length & ~(BlockCipher.BlockSize - 1))], constantVector);
            return;
        }

        var pairs = BinaryPrimitives.ReadUInt16BigEndian(rows[_row..]);
        _row += sizeof(ushort);
        for (; pairs > 0; pairs--, _row += sizeof(ushort) + sizeof(uint))
        {
            int clear = BinaryPrimitives.ReadUInt16BigEndian(rows[_row..]);
            var size = (int)BinaryPrimitives.ReadUInt32BigEndian(rows[(_row + sizeof(ushort))..]);
            if (HasSampleVectors)
                cipher.EncryptCounter(data.Slice(clear, size), vector, ref counter);
            else
                cipher.EncryptPattern(data.Slice(clear, size), constantVector);
            data = data[(clear + size)..];
        }
    }
}
