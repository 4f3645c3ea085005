using System.Text.Json;
using Movento.Contracts;
using Movento.Storage.Files;

namespace Movento.Load.Pipeline;

/// <summary>What Movento did to make a version, as its receipt tells.</summary>
/// <param name="Arguments">ffmpeg's, everything after the tool's name.</param>
/// <param name="Frames">Samples of each rendition by its file's name.</param>
/// <param name="MediaBytes">The renditions' files together.</param>
internal sealed record PublishedVersion(IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, long> Frames, long MediaBytes)
{
    public static async Task<PublishedVersion> ReadAsync(FileObjectStore store, AssetId asset, CancellationToken cancellationToken)
    {
        await using var stream = await store.OpenAsync(StorageKey.Receipt(asset, version: 1), cancellationToken)
            ?? throw new InvalidOperationException($"{asset} has no receipt.");
        using var receipt = await JsonDocument.ParseAsync(stream, cancellationToken: cancellationToken);
        var renditions = receipt.RootElement.GetProperty("outputs").EnumerateArray()
            .Where(output => output.GetProperty("samples").ValueKind == JsonValueKind.Number).ToArray();
        return new(
            [.. receipt.RootElement.GetProperty("arguments").EnumerateArray().Select(argument => argument.GetString()!)],
            renditions.ToDictionary(
                output => Path.GetFileNameWithoutExtension(output.GetProperty("name").GetString()!), output => output.GetProperty("samples").GetInt64()),
            renditions.Sum(output => output.GetProperty("bytes").GetInt64()));
    }
}
