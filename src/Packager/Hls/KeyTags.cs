using Movento.Packager.Presentations;
using Movento.Packager.Text;

namespace Movento.Packager.Hls;

/// <summary>EXT-X-KEY (RFC 8216bis §4.4.4.4) and EXT-X-SESSION-KEY (§4.4.6.4): where a player gets a key, a tag for each key system.</summary>
internal static class KeyTags
{
    // The payload of a pssh box of version 0: after size, type, version and flags, system id, and its own size.
    private const int PayloadOffset = 32;

    /// <summary>The tag of a media playlist.</summary>
    public static ReadOnlySpan<byte> Media => "#EXT-X-KEY:"u8;

    /// <summary>The tag of a multivariant playlist.</summary>
    public static ReadOnlySpan<byte> Session => "#EXT-X-SESSION-KEY:"u8;

    /// <summary>Writes the tags of one key.</summary>
    /// <param name="text">Takes them.</param>
    /// <param name="tag">The name of the tag, with its colon.</param>
    /// <param name="encryption">How.</param>
    /// <param name="period">Which key.</param>
    /// <param name="addressing">Where the playlist lies.</param>
    public static void Write(scoped ref Utf8Text text, ReadOnlySpan<byte> tag, Encryption encryption, KeyPeriod period, SegmentAddressing addressing)
    {
        if (encryption.Scheme == EncryptionScheme.Aes128)
        {
            text.Write(tag);
            text.Write("METHOD=AES-128,URI=\""u8);
            WriteKeyUri(ref text, period, addressing);
            text.Write("\",IV=0x"u8);
            text.WriteHexadecimal(period.InitializationVector);
            text.Write("\n"u8);
            return;
        }

        // shaka-player plays cenc from an identity key without being configured; hls.js passes over it. Not with several keys, which shaka would all
        // pair with the first key id; not for the session, where shaka knows no key id; and not for cbcs, for which identity is MPEG-TS' old format.
        if (encryption.Scheme == EncryptionScheme.Cenc && encryption.Periods.Length == 1 && !tag.SequenceEqual(Session) && HasCommon(encryption))
        {
            Begin(ref text, tag, encryption.Scheme);
            text.Write("URI=\""u8);
            WriteKeyUri(ref text, period, addressing);
            text.Write("\",KEYFORMAT=\"identity\",KEYFORMATVERSIONS=\"1\"\n"u8);
        }

        foreach (var header in encryption.SystemHeaders)
        {
            if (header.Length < PayloadOffset)
                continue;
            Begin(ref text, tag, encryption.Scheme);
            WriteSystem(ref text, header.AsSpan(), period, addressing);
            text.Write(",KEYID=0x"u8);
            text.WriteHexadecimal(period.KeyId);
            text.Write(",KEYFORMATVERSIONS=\"1\"\n"u8);
        }
    }

    private static bool HasCommon(Encryption encryption)
    {
        foreach (var header in encryption.SystemHeaders)
        {
            if (KeySystem.Of(header.AsSpan()) == KeySystem.Common)
                return true;
        }

        return false;
    }

    // SAMPLE-AES-CTR is what players call cenc; the RFC knows cbcs alone.
    private static void Begin(scoped ref Utf8Text text, ReadOnlySpan<byte> tag, EncryptionScheme scheme)
    {
        text.Write(tag);
        text.Write(scheme == EncryptionScheme.Cbcs ? "METHOD=SAMPLE-AES,"u8 : "METHOD=SAMPLE-AES-CTR,"u8);
    }

    private static void WriteSystem(scoped ref Utf8Text text, ReadOnlySpan<byte> header, KeyPeriod period, SegmentAddressing addressing)
    {
        var system = KeySystem.Of(header);
        if (system == KeySystem.Common)
        {
            // hls.js takes the key id, and posts to the licence server it was configured with; the URI names the key.
            text.Write("KEYFORMAT=\"org.w3.clearkey\",URI=\""u8);
            WriteKeyUri(ref text, period, addressing);
        }
        else if (system == KeySystem.PlayReady)
        {
            text.Write("KEYFORMAT=\"com.microsoft.playready\",URI=\"data:text/plain;charset=UTF-16;base64,"u8);
            text.WriteBase64(header[PayloadOffset..]);
        }
        else
        {
            text.Write("KEYFORMAT=\"urn:uuid:"u8);
            text.WriteUuid(system);
            text.Write("\",URI=\"data:text/plain;base64,"u8);
            text.WriteBase64(header);
        }

        text.Write("\""u8);
    }

    private static void WriteKeyUri(scoped ref Utf8Text text, KeyPeriod period, SegmentAddressing addressing)
    {
        text.Write(addressing == SegmentAddressing.Segments ? "../keys/"u8 : "keys/"u8);
        text.WriteHexadecimal(period.KeyId);
    }
}
