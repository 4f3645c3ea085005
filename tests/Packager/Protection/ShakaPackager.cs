using Movento.Harness;

namespace Movento.Packager.Tests.Protection;

/// <summary>The Shaka Packager of npm, as a judge.</summary>
internal static class ShakaPackager
{
    /// <summary>Runs it; a failing run is an exception with its words.</summary>
    public static Task<string> RunAsync(params string[] arguments)
    {
        var path = Repository.Combine("tests", "npm", "node_modules", "shaka-packager", "bin", "packager-linux-x64");
        return File.Exists(path)
            ? Tool.OutputAsync(path, arguments)
            : throw new FileNotFoundException("Shaka Packager is missing: run 'npm ci' in tests/npm.", path);
    }

    /// <summary>Decrypts a file of one track with a raw key.</summary>
    public static Task<string> DecryptAsync(string input, string stream, string output, UInt128 keyId, byte[] key) => RunAsync(
        $"in={input},stream={stream},output={output}", "--enable_raw_key_decryption",
        "--keys", $"label=:key_id={keyId:x32}:key={Convert.ToHexStringLower(key)}");
}
