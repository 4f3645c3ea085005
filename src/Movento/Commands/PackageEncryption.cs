using System.Buffers.Binary;
using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Movento.Packager.Presentations;
using Movento.Packager.Protection;

namespace Movento.Commands;

/// <summary>The options of <c>movento package</c> that encrypt.</summary>
internal sealed class PackageEncryption
{
    private readonly Option<string?> _scheme = new("--encrypt")
    {
        Description = "Encrypt pictures and sound: cbcs, cenc, or aes-128 (HLS alone).",
    };

    private readonly Option<string[]> _keys = new("--key")
    {
        Description = "A key as KID:KEY or KID:KEY:IV, 32 hexadecimal digits each; others on the machine can read a command line, so rather --key-file.",
    };

    private readonly Option<FileInfo?> _keyFile = new("--key-file") { Description = "A file with such a key on each line." };
    private readonly Option<int> _segmentsPerKey = new("--segments-per-key") { Description = "After so many segments the next key serves (default: the first one for all)." };
    private readonly Option<string[]> _systemHeaders = new("--pssh") { Description = "A whole pssh box in base64, such as Widevine's or PlayReady's; to be passed on." };

    public IEnumerable<Option> Options => [_scheme, _keys, _keyFile, _segmentsPerKey, _systemHeaders];

    /// <summary>What the options say; null for in the clear. The caller disposes the keys.</summary>
    /// <exception cref="PackageException">They contradict one another, or a key is none.</exception>
    public EncryptionSettings? Read(ParseResult arguments)
    {
        var texts = (arguments.GetValue(_keys) ?? []).ToList();
        if (arguments.GetValue(_keyFile) is { } file)
            texts.AddRange(File.ReadLines(file.FullName).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#'));
        if (arguments.GetValue(_scheme) is not { } scheme)
        {
            return texts.Count == 0
                ? null
                : throw new PackageException(new PackageProblem("There are keys, but nothing is encrypted.", "--encrypt cbcs, cenc or aes-128 says how."));
        }

        if (texts.Count == 0)
            throw new PackageException(new PackageProblem($"--encrypt {scheme} needs a key.", "--key-file FILE, with a line KID:KEY; openssl rand -hex 16 makes each of the two."));
        var keys = ImmutableArray.CreateBuilder<ContentKey>();
        foreach (var text in texts)
            keys.Add(ReadKey(text, keys.Count + 1));
        return new EncryptionSettings
        {
            Scheme = scheme.ToLowerInvariant() switch
            {
                "cbcs" => EncryptionScheme.Cbcs,
                "cenc" => EncryptionScheme.Cenc,
                "aes-128" => EncryptionScheme.Aes128,
                _ => throw new PackageException(new PackageProblem($"--encrypt takes cbcs, cenc or aes-128, not '{scheme}'.", null)),
            },
            Keys = keys.ToImmutable(),
            SegmentsPerKey = arguments.GetValue(_segmentsPerKey),
            SystemHeaders = [.. (arguments.GetValue(_systemHeaders) ?? []).Select(ReadHeader)],
        };
    }

    // Nothing of the key is in any message.
    private static ContentKey ReadKey(string text, int number)
    {
        var parts = text.Split(':');
        if (parts.Length is not (2 or 3) || !parts.All(IsDigits))
            throw new PackageException(new PackageProblem($"Key {number} is not KID:KEY or KID:KEY:IV, 32 hexadecimal digits each.", null));
        return new ContentKey(Number(parts[0]), Convert.FromHexString(parts[1]), parts.Length == 3 ? Number(parts[2]) : null);

        static bool IsDigits(string part) => part.Length == 32 && UInt128.TryParse(part, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _);
        static UInt128 Number(string part) => BinaryPrimitives.ReadUInt128BigEndian(Convert.FromHexString(part));
    }

    private static ImmutableArray<byte> ReadHeader(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length)
            ? [.. bytes.AsSpan(0, length)]
            : throw new PackageException(new PackageProblem("A --pssh is not base64.", null));
    }
}
