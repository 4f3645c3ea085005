using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Movento.Packager.Protection.Ciphers;

/// <summary>
/// With the platform's library, whose every call has a cost of its own: so the blocks of a pattern are gathered into one chain, and a
/// counter's key stream is made many blocks at a time.
/// </summary>
internal sealed class PortableCipher : BlockCipher
{
    private const int BufferSize = 4096;

    private readonly Aes _aes = Aes.Create();
    private readonly byte[] _buffer = new byte[BufferSize];
    private readonly byte[] _vector = new byte[BlockSize];

    public PortableCipher(ReadOnlySpan<byte> key) => _aes.SetKey(key);

    public override Vector128<byte> EncryptChain(Span<byte> data, Vector128<byte> vector)
    {
        if (data.IsEmpty)
            return vector;
        vector.CopyTo(_vector);
        _aes.EncryptCbc(data, _vector, data, PaddingMode.None);
        return Vector128.Create(data[^BlockSize..]);
    }

    public override void EncryptPattern(Span<byte> data, Vector128<byte> vector)
    {
        while (data.Length >= BlockSize)
        {
            var count = Math.Min(BufferSize / BlockSize, (data.Length - BlockSize) / PatternSize + 1);
            var chain = _buffer.AsSpan(0, count * BlockSize);
            for (var index = 0; index < count; index++)
                data.Slice(index * PatternSize, BlockSize).CopyTo(chain[(index * BlockSize)..]);
            vector = EncryptChain(chain, vector);
            for (var index = 0; index < count; index++)
                chain.Slice(index * BlockSize, BlockSize).CopyTo(data[(index * PatternSize)..]);
            data = data[Math.Min(data.Length, count * PatternSize)..];
        }
    }

    public override void EncryptCounter(Span<byte> data, ulong vector, ref ulong counter)
    {
        while (!data.IsEmpty)
        {
            var size = Math.Min(BufferSize, data.Length);
            var blocks = (size + BlockSize - 1) / BlockSize;
            var stream = _buffer.AsSpan(0, blocks * BlockSize);
            for (var index = 0; index < blocks; index++)
            {
                BinaryPrimitives.WriteUInt64BigEndian(stream[(index * BlockSize)..], vector);
                BinaryPrimitives.WriteUInt64BigEndian(stream[(index * BlockSize + 8)..], counter++);
            }

            _aes.EncryptEcb(stream, stream, PaddingMode.None);
            Mix(data[..size], stream);
            data = data[size..];
        }
    }

    public override void Dispose()
    {
        _aes.Dispose();
        CryptographicOperations.ZeroMemory(_buffer);
    }

    private static void Mix(Span<byte> data, ReadOnlySpan<byte> stream)
    {
        var at = 0;
        for (; at <= data.Length - Vector<byte>.Count; at += Vector<byte>.Count)
            (new Vector<byte>(data[at..]) ^ new Vector<byte>(stream[at..])).CopyTo(data[at..]);
        for (; at < data.Length; at++)
            data[at] ^= stream[at];
    }
}
