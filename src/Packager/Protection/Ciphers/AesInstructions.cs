using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ArmAes = System.Runtime.Intrinsics.Arm.Aes;
using X86Aes = System.Runtime.Intrinsics.X86.Aes;

namespace Movento.Packager.Protection.Ciphers;

/// <summary>The rounds of AES-128 (FIPS 197 §5.1) as the processor has them: x86's AES-NI or Arm's cryptography extension.</summary>
internal static class AesInstructions
{
    /// <summary>The cipher key and ten rounds'.</summary>
    public const int RoundKeys = 11;

    public static bool IsSupported => X86Aes.IsSupported || ArmAes.IsSupported;

    /// <summary>All of a round but the first key: SubBytes, ShiftRows, MixColumns, AddRoundKey.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Round(Vector128<byte> state, Vector128<byte> key) => X86Aes.IsSupported
        ? X86Aes.Encrypt(state, key)
        : ArmAes.MixColumns(ArmAes.Encrypt(state, Vector128<byte>.Zero)) ^ key;

    /// <summary>The last round, which mixes no columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> LastRound(Vector128<byte> state, Vector128<byte> key) => X86Aes.IsSupported
        ? X86Aes.EncryptLast(state, key)
        : ArmAes.Encrypt(state, Vector128<byte>.Zero) ^ key;

    /// <summary>KeyExpansion, FIPS 197 §5.2.</summary>
    /// <param name="key">16 bytes.</param>
    /// <param name="roundKeys">Takes <see cref="RoundKeys"/> of them.</param>
    public static void Expand(ReadOnlySpan<byte> key, Span<Vector128<byte>> roundKeys)
    {
        var words = Vector128.Create(key).AsUInt32();
        roundKeys[0] = words.AsByte();
        var constant = 1u;
        for (var round = 1; round < RoundKeys; round++)
        {
            // With four equal columns ShiftRows changes nothing, so a last round is SubWord.
            var last = LastRound(Vector128.Create(words[3]).AsByte(), Vector128<byte>.Zero).AsUInt32()[0];
            var first = words[0] ^ uint.RotateRight(last, 8) ^ constant; // RotWord of little-endian words
            var second = words[1] ^ first;
            var third = words[2] ^ second;
            words = Vector128.Create(first, second, third, words[3] ^ third);
            roundKeys[round] = words.AsByte();
            constant = constant << 1 ^ (constant >> 7) * 0x11b; // Rcon: doubled in GF(2⁸)
        }
    }
}
