using Movento.Contracts;
using Movento.Ingest.Encode;
using Movento.Ingest.Ladder;
using Movento.Packager;
using Movento.Packager.Cmaf;
using Movento.Packager.Presentations;
using Movento.Packager.Tracks;

namespace Movento.Ingest.Publish;

/// <summary>From encoded chunks and tracks to CMAF track files, one for each rendition.</summary>
internal sealed class PackageStep(IngestOptions options, ContentKeySecret contentKeys)
{
    private const int Buffer = 256 * 1024;

    // Packaging copies bytes: two at a time keep a disk busy.
    private const int AtATime = 2;

    /// <summary>Packages everything that was encoded, the pictures from the lowest rung up.</summary>
    /// <param name="asset">Whose keys they are.</param>
    /// <param name="film">What was encoded.</param>
    /// <param name="folder">Where the files go: <c>{id}.cmaf</c>, and in the clear <see cref="EncodePlan.FileName"/>.</param>
    /// <param name="clear">The rungs that are wanted in the clear too, for pictures to be made of them.</param>
    /// <param name="compositionDelayOf">See <see cref="CmafSettings.CompositionDelay"/>, by the id of a rendition.</param>
    /// <param name="onProgress">Told how far it is, from 0 to 1.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="RejectedException">The encoder wrote something that cannot be packaged.</exception>
    public async Task<IReadOnlyList<PackagedOutput>> PackageAsync(
        AssetId asset, EncodedFilm film, string folder, IReadOnlyCollection<Rung> clear, Func<string, long?> compositionDelayOf, Action<double> onProgress,
        CancellationToken cancellationToken)
    {
        var plan = film.Plan;
        var count = plan.Ladder.Rungs.Count + plan.Audio.Length;
        var packaged = new PackagedOutput[count];
        var done = 0;
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken }, async (index, stop) =>
        {
            packaged[index] = index < plan.Ladder.Rungs.Count
                ? await PackageAsync(asset, film, plan.Ladder.Rungs[index], folder, clear.Contains(plan.Ladder.Rungs[index]), compositionDelayOf(plan.Ladder.Rungs[index].Id), stop)
                : await PackageAsync(asset, film, plan.Audio[index - plan.Ladder.Rungs.Count], folder, compositionDelayOf(plan.Audio[index - plan.Ladder.Rungs.Count].Id), stop);
            onProgress((double)Interlocked.Increment(ref done) / count);
        });
        return packaged;
    }

    /// <summary>Joins the chunks of a rung into one file in the clear, for tools of ours.</summary>
    public Task JoinAsync(Rung rung, IReadOnlyList<TrackChunk> chunks, string path, CancellationToken cancellationToken) => WriteAsync(
        rung.Id, path, destination => CmafPackager.PackageAsync(
            chunks, destination, new CmafSettings { Id = rung.Id, Kind = TrackKind.Video, SegmentDuration = options.SegmentDuration }, cancellationToken));

    private async Task<PackagedOutput> PackageAsync(
        AssetId asset, EncodedFilm film, Rung rung, string folder, bool isWantedClear, long? compositionDelay, CancellationToken cancellationToken)
    {
        using var keys = RenditionKeys.For(asset, rung.Id, film.Plan.Protection, contentKeys);
        var chunks = film.ChunksOf(rung);
        var settings = new CmafSettings
        {
            Id = rung.Id, Kind = TrackKind.Video, SegmentDuration = options.SegmentDuration, CompositionDelay = compositionDelay,
        };
        // One file serves both where nothing is encrypted.
        var clearPath = Path.Combine(folder, EncodePlan.FileName(rung.Id));
        PackagedOutput? output = null;
        if (keys is null || isWantedClear)
            output = await WriteAsync(rung.Id, clearPath, destination => CmafPackager.PackageAsync(chunks, destination, settings, cancellationToken));
        if (keys is not null)
        {
            output = await WriteAsync(
                rung.Id, PathOf(folder, rung.Id),
                destination => CmafPackager.PackageAsync(chunks, destination, settings with { Encryption = keys.Settings }, cancellationToken));
        }
        foreach (var chunk in chunks) File.Delete(chunk.Path);
        return output!;
    }

    /// <summary>Packages sound that was taken out of the source as it is.</summary>
    /// <returns>Null where it is not to be had from the film's beginning to its end without a hole, or cannot be packaged.</returns>
    public async Task<PackagedOutput?> PackagePassedAsync(
        AssetId asset, EncodePlan plan, AudioOutput sound, Rendition encoded, string folder, CancellationToken cancellationToken)
    {
        using var keys = RenditionKeys.For(asset, sound.Id, plan.Protection, contentKeys);
        var path = Path.Combine(folder, SoundPassThrough.FileName(sound));
        try
        {
            var output = await PackageAsync(sound, path, SettingsOf(sound, options) with { Encryption = keys?.Settings }, folder, cancellationToken);
            if (SoundPassThrough.IsWhole(output.Rendition, encoded)) return output;
            File.Delete(output.Path);
            return null;
        }
        catch (RejectedException)
        {
            return null;
        }
    }

    /// <summary>How a track of sound is packaged, in the clear.</summary>
    public static CmafSettings SettingsOf(AudioOutput sound, IngestOptions options) => new()
    {
        Id = sound.Id, Kind = TrackKind.Audio, SegmentDuration = options.SegmentDuration,
        Language = sound.Track.Language, Name = sound.Name, IsDefault = sound.IsDefault, Role = sound.Track.Role,
    };

    private async Task<PackagedOutput> PackageAsync(
        AssetId asset, EncodedFilm film, AudioOutput sound, string folder, long? compositionDelay, CancellationToken cancellationToken)
    {
        using var keys = RenditionKeys.For(asset, sound.Id, film.Plan.Protection, contentKeys);
        var settings = SettingsOf(sound, options) with { Encryption = keys?.Settings, CompositionDelay = compositionDelay };
        return await PackageAsync(sound, film.PathOf(sound), settings, folder, cancellationToken);
    }

    private static async Task<PackagedOutput> PackageAsync(
        AudioOutput sound, string encoded, CmafSettings settings, string folder, CancellationToken cancellationToken)
    {
        var output = await WriteAsync(sound.Id, PathOf(folder, sound.Id), async destination =>
        {
            await using var source = new FileStream(encoded, FileMode.Open, FileAccess.Read, FileShare.Read, Buffer, useAsync: true);
            return await CmafPackager.PackageAsync(source, destination, settings, cancellationToken);
        });
        File.Delete(encoded);
        return output;
    }

    private static async Task<PackagedOutput> WriteAsync(string id, string path, Func<Stream, Task<Rendition>> package)
    {
        try
        {
            await using var destination = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, Buffer, useAsync: true);
            return new(await package(destination), path);
        }
        catch (MediaFormatException exception)
        {
            throw new RejectedException(RejectionReason.EncodeFailed, $"{id}: {exception.Message}", exception);
        }
    }

    private static string PathOf(string folder, string id) => Path.Combine(folder, $"{id}.cmaf");
}
