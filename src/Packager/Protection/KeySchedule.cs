using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using Movento.Packager.IsoBmff.Boxes;
using Movento.Packager.Presentations;
using Movento.Packager.Protection.Ciphers;

namespace Movento.Packager.Protection;

/// <summary>Which key serves from which segment on, ready to encrypt with.</summary>
internal sealed class KeySchedule : IDisposable
{
    private readonly EncryptionSettings _settings;
    private readonly bool _isVideo;
    private readonly BlockCipher[] _ciphers;
    private readonly UInt128[] _vectors;

    /// <param name="settings">The keys, which stay the caller's.</param>
    /// <param name="isVideo">Whether cbcs leaves nine blocks of ten as they are (ISO/IEC 23001-7 §10.4).</param>
    public KeySchedule(EncryptionSettings settings, bool isVideo)
    {
        _settings = settings;
        _isVideo = isVideo;
        _vectors = new UInt128[settings.Keys.Length];
        _ciphers = new BlockCipher[settings.Keys.Length];
        for (var index = 0; index < settings.Keys.Length; index++)
        {
            _ciphers[index] = BlockCipher.Create(settings.Keys[index].Key);
            _vectors[index] = settings.Keys[index].InitializationVector ?? Random();
        }

        FirstSampleVector = (ulong)(_vectors[0] >> 64);
    }

    /// <summary>cenc's vector of the first sample; each later one's is one more, whatever its key.</summary>
    public ulong FirstSampleVector { get; }

    /// <summary>The period of a segment.</summary>
    public int PeriodOf(int segment) => _settings.SegmentsPerKey == 0 ? 0 : segment / _settings.SegmentsPerKey;

    /// <summary>The cipher of a period.</summary>
    public BlockCipher Cipher(int period) => _ciphers[period % _ciphers.Length];

    /// <summary>The constant vector of a period.</summary>
    public Vector128<byte> Vector(int period)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, _vectors[period % _vectors.Length]);
        return Vector128.Create<byte>(bytes);
    }

    /// <summary>How a period's samples are encrypted, for tenc and seig.</summary>
    public Tenc Describe(int period)
    {
        var key = _settings.Keys[period % _ciphers.Length].Id;
        return _settings.Scheme == EncryptionScheme.Cbcs
            ? new Tenc(_isVideo ? (byte)1 : (byte)0, _isVideo ? (byte)9 : (byte)0, 0, key, _vectors[period % _vectors.Length])
            : new Tenc(0, 0, sizeof(ulong), key, 0);
    }

    /// <summary>Every pssh box: the common system's, then those that the caller handed in.</summary>
    public ImmutableArray<ImmutableArray<byte>> SystemHeaders() =>
        _settings.Scheme == EncryptionScheme.Aes128 ? []
        : _settings.HasCommonSystemHeader ? [SystemHeader.Common([.. KeyIds()]), .. _settings.SystemHeaders]
        : _settings.SystemHeaders;

    /// <summary>How many key periods so many segments have.</summary>
    /// <exception cref="MediaFormatException">More than a presentation has.</exception>
    public int PeriodsOf(int segments)
    {
        var periods = _settings.SegmentsPerKey == 0 ? 1 : (segments + _settings.SegmentsPerKey - 1) / _settings.SegmentsPerKey;
        return periods <= Presentations.Encryption.MaxPeriods
            ? periods
            : throw new MediaFormatException(MediaFormatError.TooLarge, "moov", 0, $"The key would change {periods - 1} times; at most {Presentations.Encryption.MaxPeriods - 1} changes are written: let a key serve for more segments.");
    }

    /// <summary>What a presentation of so many segments says.</summary>
    public Presentations.Encryption DescribeAll(int segments) => new()
    {
        Scheme = _settings.Scheme,
        Periods =
        [
            .. Enumerable.Range(0, PeriodsOf(segments)).Select(period => new KeyPeriod(
                period * _settings.SegmentsPerKey,
                _settings.Keys[period % _ciphers.Length].Id,
                _settings.Scheme == EncryptionScheme.Cenc ? 0 : _vectors[period % _vectors.Length])),
        ],
        SystemHeaders = SystemHeaders(),
    };

    /// <summary>Forgets the keys.</summary>
    public void Dispose()
    {
        foreach (var cipher in _ciphers)
            cipher.Dispose();
    }

    private IEnumerable<UInt128> KeyIds() => _settings.Keys.Select(key => key.Id).Distinct();

    private static UInt128 Random() => BinaryPrimitives.ReadUInt128BigEndian(RandomNumberGenerator.GetBytes(16));
}
