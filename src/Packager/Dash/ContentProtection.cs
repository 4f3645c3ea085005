using Movento.Packager.Presentations;
using Movento.Packager.Text;

namespace Movento.Packager.Dash;

/// <summary>ContentProtection (ISO/IEC 23009-1 §5.8.4.1): the scheme with the first key's id, then an element for each key system.</summary>
internal static class ContentProtection
{
    /// <summary>Whether anything is encrypted sample by sample.</summary>
    public static bool IsNeeded(ReadOnlySpan<Rendition> renditions)
    {
        foreach (var rendition in renditions)
        {
            if (rendition.Encryption is { Scheme: not EncryptionScheme.Aes128 })
                return true;
        }

        return false;
    }

    /// <summary>Writes the elements of a rendition; none where it is in the clear.</summary>
    public static void Write(ref Utf8Text text, ReadOnlySpan<byte> indent, Rendition rendition, string? licenseUrl)
    {
        if (rendition.Encryption is not { Scheme: not EncryptionScheme.Aes128 } encryption)
            return;
        text.Write(indent);
        text.Write("<ContentProtection schemeIdUri=\"urn:mpeg:dash:mp4protection:2011\" value=\""u8);
        text.Write(encryption.Scheme == EncryptionScheme.Cbcs ? "cbcs"u8 : "cenc"u8);
        text.Write("\" cenc:default_KID=\""u8);
        text.WriteUuid(encryption.Periods[0].KeyId);
        text.Write("\"/>\n"u8);
        foreach (var header in encryption.SystemHeaders)
            WriteSystem(ref text, indent, header.AsSpan(), licenseUrl);
    }

    private static void WriteSystem(ref Utf8Text text, ReadOnlySpan<byte> indent, ReadOnlySpan<byte> header, string? licenseUrl)
    {
        // ClearKey has an id of its own in an MPD. Without a pssh there: dash.js would take the box for a list of key ids, and shaka-player makes the
        // box itself of default_KID. The licence then brings every key of the film.
        var system = KeySystem.Of(header);
        text.Write(indent);
        text.Write("<ContentProtection schemeIdUri=\"urn:uuid:"u8);
        text.WriteUuid(system == KeySystem.Common ? KeySystem.ClearKeyOfDash : system);
        if (system != KeySystem.Common)
        {
            text.Write("\"><cenc:pssh>"u8);
            text.WriteBase64(header);
            text.Write("</cenc:pssh></ContentProtection>\n"u8);
            return;
        }

        if (licenseUrl is null)
        {
            text.Write("\" value=\"ClearKey1.0\"/>\n"u8);
            return;
        }

        text.Write("\" value=\"ClearKey1.0\"><dashif:Laurl licenseType=\"EME-1.0\">"u8);
        XmlText.WriteEscaped(ref text, licenseUrl);
        text.Write("</dashif:Laurl></ContentProtection>\n"u8);
    }
}
