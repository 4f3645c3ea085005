using System.Text.Json;
using Movento.Client;
using Movento.Contracts;
using Movento.Storage.Files;

namespace Movento.Load.Pipeline;

/// <summary>What Movento did to make a version, as its receipt tells.</summary>
/// <param name="Pictures">ffmpeg's arguments for a chunk that has all rungs, everything after the tool's name; of several runs where one would take too much memory.</param>
/// <param name="Sound">Those of each track of sound.</param>
/// <param name="Frames">Samples of each rendition by its file's name.</param>
/// <param name="MediaBytes">The renditions' files together.</param>
internal sealed record PublishedVersion(
    IReadOnlyList<IReadOnlyList<string>> Pictures, IReadOnlyList<IReadOnlyList<string>> Sound, IReadOnlyDictionary<string, long> Frames, long MediaBytes)
{
    /// <summary>From the first byte of the upload until the asset is published.</summary>
    public static async Task<PublishedVersion> MakeAsync(MoventoClient client, FileObjectStore store, string film, CancellationToken cancellationToken)
    {
        var id = await client.UploadAsync(film, title: null, new Progress<long>(), cancellationToken);
        await foreach (var asset in client.FollowAsync(id, cancellationToken))
        {
            if (asset.Rejection is { } rejection)
                throw new InvalidOperationException($"{film} was rejected: {rejection.Code}: {rejection.Message}");
            if (asset.State == "published")
                return await ReadAsync(store, AssetId.Parse(id), cancellationToken);
        }

        throw new InvalidOperationException($"The events of {id} ended before it was published.");
    }

    private static async Task<PublishedVersion> ReadAsync(FileObjectStore store, AssetId asset, CancellationToken cancellationToken)
    {
        await using var stream = await store.OpenAsync(StorageKey.Receipt(asset, version: 1), cancellationToken)
            ?? throw new InvalidOperationException($"{asset} has no receipt.");
        using var receipt = await JsonDocument.ParseAsync(stream, cancellationToken: cancellationToken);
        var renditions = receipt.RootElement.GetProperty("outputs").EnumerateArray()
            .Where(output => output.GetProperty("samples").ValueKind == JsonValueKind.Number
                && Path.GetFileName(output.GetProperty("name").GetString()!)[0] is 'v' or 'a').ToArray();
        var tasks = receipt.RootElement.GetProperty("tasks").EnumerateArray()
            .Select(task => (Name: task.GetProperty("name").GetString()!, Arguments: (IReadOnlyList<string>)
                [.. task.GetProperty("arguments").EnumerateArray().Select(argument => argument.GetString()!)],
                Outputs: task.GetProperty("outputs").GetArrayLength())).ToList();
        return new(
            [
                // "c0003", and "c0003b" for a second run over it.
                .. tasks.Where(task => task.Name.StartsWith('c')).GroupBy(task => task.Name[..5])
                    .MaxBy(chunk => chunk.Sum(task => task.Arguments.Count(argument => argument == "-map")))!.Select(task => task.Arguments),
            ],
            // The pass before it, which measures how loud it is, makes nothing.
            [.. tasks.Where(task => task.Name.StartsWith('a') && task.Outputs > 0).Select(task => task.Arguments)],
            renditions.ToDictionary(
                output => Path.GetFileNameWithoutExtension(output.GetProperty("name").GetString()!), output => output.GetProperty("samples").GetInt64()),
            renditions.Sum(output => output.GetProperty("bytes").GetInt64()));
    }
}
