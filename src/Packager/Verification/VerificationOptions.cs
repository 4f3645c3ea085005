namespace Movento.Packager.Verification;

/// <summary>What a verification is told beside the presentation itself.</summary>
public sealed class VerificationOptions
{
    /// <summary>The manifests to begin with, as addresses below the root; empty: those that the source finds.</summary>
    public IReadOnlyList<string> Manifests { get; init; } = [];

    /// <summary>The keys of AES-128 segments by their playlist address (EXT-X-KEY's URI): with them, encrypted segments are read inside too.</summary>
    public Func<string, CancellationToken, ValueTask<byte[]?>>? KeyOf { get; init; }
}
