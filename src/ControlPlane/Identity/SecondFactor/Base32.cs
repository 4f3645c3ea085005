namespace Movento.ControlPlane.Identity.SecondFactor;

/// <summary>Base32 (RFC 4648 §6) without padding, as authenticator apps take it.</summary>
internal static class Base32
{
    public const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new char[((bytes.Length * 8) + 4) / 5];
        var (bits, count, at) = (0, 0, 0);
        foreach (var value in bytes)
        {
            bits = (bits << 8) | value;
            count += 8;
            while (count >= 5)
            {
                count -= 5;
                text[at++] = Alphabet[(bits >> count) & 31];
            }

            bits &= (1 << count) - 1;
        }

        if (count > 0) text[at] = Alphabet[(bits << (5 - count)) & 31];
        return new string(text);
    }
}
