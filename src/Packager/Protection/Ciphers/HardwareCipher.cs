using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using static Movento.Packager.Protection.Ciphers.AesInstructions;

namespace Movento.Packager.Protection.Ciphers;

/// <summary>
/// With the processor's AES instructions. A chain can only wait for itself (one block takes the latency of ten rounds); a counter's
/// blocks do not depend on one another, so eight are under way at once and the units are never idle.
/// </summary>
internal sealed class HardwareCipher : BlockCipher
{
    private const int Lanes = 8;

    private readonly Vector128<byte>[] _keys = new Vector128<byte>[RoundKeys];

    public HardwareCipher(ReadOnlySpan<byte> key) => Expand(key, _keys);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // at once: a packager's whole run can be over before the JIT's last tier
    public override Vector128<byte> EncryptChain(Span<byte> data, Vector128<byte> vector) =>
        Chain(MemoryMarshal.Cast<byte, Vector128<byte>>(data), 1, vector, new Schedule(_keys));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void EncryptPattern(Span<byte> data, Vector128<byte> vector) =>
        Chain(MemoryMarshal.Cast<byte, Vector128<byte>>(data), PatternBlocks, vector, new Schedule(_keys));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void EncryptCounter(Span<byte> data, ulong vector, ref ulong counter)
    {
        var keys = new Schedule(_keys);
        var blocks = MemoryMarshal.Cast<byte, Vector128<byte>>(data);
        var index = 0;
        for (; index <= blocks.Length - Lanes; index += Lanes, counter += Lanes)
            EncryptLanes(blocks.Slice(index, Lanes), keys, vector, counter);
        for (; index < blocks.Length; index++)
            blocks[index] ^= keys.Encrypt(CounterBlock(vector, counter++));

        var rest = data[(blocks.Length * BlockSize)..];
        if (rest.IsEmpty)
            return;
        var stream = keys.Encrypt(CounterBlock(vector, counter++));
        for (var at = 0; at < rest.Length; at++)
            rest[at] ^= stream[at];
    }

    // The last round XORs its key in: with the next block folded into that key, nothing but ten rounds lies between one block and the next.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Chain(Span<Vector128<byte>> blocks, int step, Vector128<byte> vector, in Schedule keys)
    {
        if (blocks.IsEmpty)
            return vector;
        var state = blocks[0] ^ keys.K0 ^ vector;
        var index = 0;
        for (; index < blocks.Length - step; index += step)
        {
            var next = blocks[index + step] ^ keys.K0;
            state = LastRound(keys.Rounds(state), keys.K10 ^ next);
            blocks[index] = state ^ next;
        }

        return blocks[index] = LastRound(keys.Rounds(state), keys.K10);
    }

    public override void Dispose() => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_keys.AsSpan()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> CounterBlock(ulong vector, ulong counter) => BitConverter.IsLittleEndian
        ? Vector128.Create(BinaryPrimitives.ReverseEndianness(vector), BinaryPrimitives.ReverseEndianness(counter)).AsByte()
        : Vector128.Create(vector, counter).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EncryptLanes(Span<Vector128<byte>> blocks, in Schedule keys, ulong vector, ulong counter)
    {
        var s0 = CounterBlock(vector, counter) ^ keys.K0;
        var s1 = CounterBlock(vector, counter + 1) ^ keys.K0;
        var s2 = CounterBlock(vector, counter + 2) ^ keys.K0;
        var s3 = CounterBlock(vector, counter + 3) ^ keys.K0;
        var s4 = CounterBlock(vector, counter + 4) ^ keys.K0;
        var s5 = CounterBlock(vector, counter + 5) ^ keys.K0;
        var s6 = CounterBlock(vector, counter + 6) ^ keys.K0;
        var s7 = CounterBlock(vector, counter + 7) ^ keys.K0;
        RoundLanes(ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, keys.K1);
        RoundLanes(ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, keys.K2);
        RoundLanes(ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, keys.K3);
        RoundLanes(ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, keys.K4);
        RoundLanes(ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, keys.K5);
        RoundLanes(ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, keys.K6);
        RoundLanes(ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, keys.K7);
        RoundLanes(ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, keys.K8);
        RoundLanes(ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, keys.K9);
        blocks[7] ^= LastRound(s7, keys.K10);
        blocks[0] ^= LastRound(s0, keys.K10);
        blocks[1] ^= LastRound(s1, keys.K10);
        blocks[2] ^= LastRound(s2, keys.K10);
        blocks[3] ^= LastRound(s3, keys.K10);
        blocks[4] ^= LastRound(s4, keys.K10);
        blocks[5] ^= LastRound(s5, keys.K10);
        blocks[6] ^= LastRound(s6, keys.K10);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RoundLanes(
        ref Vector128<byte> s0, ref Vector128<byte> s1, ref Vector128<byte> s2, ref Vector128<byte> s3,
        ref Vector128<byte> s4, ref Vector128<byte> s5, ref Vector128<byte> s6, ref Vector128<byte> s7, Vector128<byte> key)
    {
        s0 = Round(s0, key);
        s1 = Round(s1, key);
        s2 = Round(s2, key);
        s3 = Round(s3, key);
        s4 = Round(s4, key);
        s5 = Round(s5, key);
        s6 = Round(s6, key);
        s7 = Round(s7, key);
    }

    // The round keys in locals, so that they stay in registers.
    private readonly struct Schedule(Vector128<byte>[] keys)
    {
        public readonly Vector128<byte> K0 = keys[0], K1 = keys[1], K2 = keys[2], K3 = keys[3], K4 = keys[4], K5 = keys[5];
        public readonly Vector128<byte> K6 = keys[6], K7 = keys[7], K8 = keys[8], K9 = keys[9], K10 = keys[10];

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector128<byte> Encrypt(Vector128<byte> block) => LastRound(Rounds(block ^ K0), K10);

        // All but the first key and the last round.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector128<byte> Rounds(Vector128<byte> block)
        {
            block = Round(Round(Round(block, K1), K2), K3);
            block = Round(Round(Round(block, K4), K5), K6);
            return Round(Round(Round(block, K7), K8), K9);
        }
    }
}
