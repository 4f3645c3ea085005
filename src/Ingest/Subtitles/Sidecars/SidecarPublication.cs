using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using Microsoft.Extensions.Logging;
using Movento.Contracts;
using Movento.Ingest.Announcements;
using Movento.Ingest.Assets;
using Movento.Ingest.Jobs;
using Movento.Ingest.Pictures.Posters;
using Movento.Ingest.Publish;
using Movento.Packager.Presentations;
using Movento.Storage;
using Npgsql;

namespace Movento.Ingest.Subtitles.Sidecars;

/// <summary>
/// Makes a version with the sidecars and the poster that an asset has now out of its published one, without an encode: a version is immutable, so it gets a number, a
/// presentation and texts of its own; the media are copied by the store, which links files.
/// </summary>
internal sealed partial class SidecarPublication(
    IngestDatabase database, IObjectStore store, SidecarStep sidecars, PosterStep teamPosters, PosterShelf posters, ConformanceGate gate, WorkFolder work, AnnouncementSignal announced, TimeProvider time,
    ILogger<SidecarPublication> logger)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly string[] PosterNames = [StorageKey.PosterName, StorageKey.FilmPosterName];

    /// <summary>
    /// 1. A number for the version, and a row that has the sweep remove what a killed process leaves. 2. The media here, where the gate can read them (links,
    /// on one machine). 3. The texts, packaged. 4. The gate. 5. Copies, texts and receipt into the store; the presentation last. 6. The switch, with its
    /// announcement; a version that was published meanwhile wins, and this one is swept away.
    /// </summary>
    /// <returns>False: another process is at it, or the asset has no version that could be made anew now.</returns>
    public async Task<bool> PublishAsync(AssetId asset, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        var key = LockKey(asset);
        if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select pg_try_advisory_lock(@key)", new { key }, cancellationToken: cancellationToken))) return false;
        try
        {
            return await PublishAsync(asset, connection, cancellationToken);
        }
        finally
        {
            await connection.ExecuteAsync(new CommandDefinition("select pg_advisory_unlock(@key)", new { key }, cancellationToken: CancellationToken.None));
        }
    }

    private async Task<bool> PublishAsync(AssetId asset, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // :: Step 1, a number. Attempts take theirs from the same count, so none is given twice.
        var before = await connection.QuerySingleOrDefaultAsync<Base>(new CommandDefinition(
            """
            with reserved as (
              update assets set claims = claims + 1 where id = @id and state = 'published' and version is not null
              returning id, claims, version, owner_id, title, notes),
            swept as (insert into asset_versions (asset_id, version, retired_at) select id, claims, now() from reserved)
            select claims as "Next", version as "Version", owner_id as "Owner", title as "Title", notes::text as "Notes" from reserved
            """,
            new { id = asset.Value }, cancellationToken: cancellationToken));
        if (before is null) return false;
        var folder = work.Create($"{asset}-{before.Next}");
        try
        {
            return await PublishAsync(asset, before, folder, connection, cancellationToken);
        }
        finally
        {
            WorkFolder.Remove(folder);
        }
    }

    private async Task<bool> PublishAsync(AssetId asset, Base before, string folder, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // :: Step 2, the media
        var presentation = await ReadPresentationAsync(asset, before.Version, cancellationToken);
        var kept = new List<PackagedOutput>();
        foreach (var rendition in presentation.Renditions.Where(rendition => !IsSidecar(rendition.Id)))
            kept.Add(await FetchAsync(asset, before.Version, rendition, folder, cancellationToken));
        var thumbnails = await FetchThumbnailsAsync(asset, before.Version, presentation.Thumbnails, folder, cancellationToken);
        var filmPoster = await FetchFilmPosterAsync(asset, before.Version, folder, cancellationToken);

        // :: Step 3, the texts
        var notes = JsonSerializer.Deserialize(before.Notes, AssetJson.Default.SourceNoteArray)!.Where(note => !IsOfSidecars(note)).ToList();
        var duration = kept.Where(output => output.Rendition.Kind is TrackKind.Video or TrackKind.Audio).Max(output => output.Rendition.Duration);
        var names = kept.Where(output => output.Rendition.Kind == TrackKind.Text).Select(output => output.Rendition.Name);
        var added = await sidecars.PackageAsync(asset, before.Next, duration, names, folder, notes, cancellationToken);

        var teamPoster = await teamPosters.MakeAsync(asset, before.Next, folder, notes, cancellationToken);

        // :: Step 4, the gate
        var images = kept.Where(output => output.Rendition.Kind == TrackKind.Image).ToList();
        var film = new PackagedFilm(
            [.. kept.Except(images), .. added, .. images], thumbnails, teamPoster ?? filmPoster, notes, presentation.Chapters, teamPoster is null ? null : filmPoster);
        try
        {
            await gate.DemandAsync(asset, film, cancellationToken);
        }
        catch (RejectedException exception)
        {
            // What plays stays as it is; the same sidecars would be refused again.
            Log.Refused(logger, asset.ToString(), exception.Message);
            await RefuseAsync(asset, before, connection, cancellationToken);
            return false;
        }

        // :: Step 5, into the store
        await StoreAsync(asset, before, film, added, cancellationToken);

        // :: Step 6, the switch
        var switched = await SwitchAsync(asset, before, film, connection, cancellationToken);
        if (switched) Log.Published(logger, asset.ToString(), before.Version, before.Next, added.Count);
        return switched;
    }

    private async Task StoreAsync(AssetId asset, Base before, PackagedFilm film, IReadOnlyList<PackagedOutput> added, CancellationToken cancellationToken)
    {
        var prefix = StorageKey.VersionPrefix(asset, before.Next);
        var isNew = added.SelectMany(output => (string[])
            [StorageKey.RenditionName(output.Rendition.Id), StorageKey.TextSegmentsName(output.Rendition.Id), StorageKey.SubtitlesName(output.Rendition.Id)])
            .Concat(PosterNames).ToHashSet(StringComparer.Ordinal);
        var written = new JsonArray();
        foreach (var file in film.Files)
        {
            if (isNew.Contains(file.Name))
            {
                written.Add(await DescribeAsync(file, cancellationToken));
                await store.PutFileAsync(prefix + file.Name, file.Path, file.ContentType, cancellationToken);
            }
            else if (await store.CopyAsync(StorageKey.VersionPrefix(asset, before.Version) + file.Name, prefix + file.Name, cancellationToken) is null)
                throw new ObjectStoreException($"{file.Name} of version {before.Version} of {asset} is not in the object store.", isTransient: true);
        }

        await using (var receipt = await store.OpenAsync(StorageKey.Receipt(asset, before.Version), cancellationToken)
            ?? throw new ObjectStoreException($"The receipt of version {before.Version} of {asset} is not in the object store.", isTransient: true))
            await PutAsync(StorageKey.Receipt(asset, before.Next), await ReceiptAsync(receipt, before, film, written, cancellationToken), cancellationToken);

        var json = new ArrayBufferWriter<byte>();
        PresentationJson.Write(json, film.Presentation);
        await PutAsync(StorageKey.Presentation(asset, before.Next), json.WrittenSpan.ToArray(), cancellationToken);
    }

    // The encode's receipt with other texts: how the media were made stays true of it.
    private static async Task<byte[]> ReceiptAsync(Stream receiptBefore, Base before, PackagedFilm film, JsonArray written, CancellationToken cancellationToken)
    {
        var receipt = (await JsonNode.ParseAsync(receiptBefore, cancellationToken: cancellationToken))!.AsObject();
        receipt["version"] = before.Next;
        receipt["madeFrom"] = before.Version;
        var outputs = receipt["outputs"]!.AsArray().Where(output => !IsSidecar((string)output!["name"]!) && !PosterNames.Contains((string)output["name"]!)).Select(output => output!.DeepClone())
            .Concat(written.Select(output => output!.DeepClone()));
        receipt["outputs"] = new JsonArray([.. outputs]);
        receipt["notes"] = JsonNode.Parse(JsonSerializer.Serialize([.. film.Notes], AssetJson.Default.SourceNoteArray));
        return JsonSerializer.SerializeToUtf8Bytes(receipt, Indented);
    }

    private async Task<bool> SwitchAsync(AssetId asset, Base before, PackagedFilm film, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var highest = film.Presentation.Video.LastOrDefault()?.Video;
        var published = new AssetPublished(
            asset.Value, before.Owner, before.Title, before.Next, film.Presentation.Duration.TotalSeconds, highest?.Width ?? 0, highest?.Height ?? 0,
            film.Poster is not null, time.GetUtcNow());
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var switched = await connection.ExecuteAsync(new CommandDefinition(
            "update assets set version = @Next, notes = cast(@notes as jsonb) where id = @id and version = @Version and state = 'published'",
            new { id = asset.Value, before.Next, before.Version, notes = NotesJson(film.Notes) }, transaction, cancellationToken: cancellationToken)) == 1;
        if (!switched) return false;
        // The version before it goes on playing for whoever holds a token that names it, until the sweep removes it.
        await connection.ExecuteAsync(new CommandDefinition(
            """
            update asset_versions set retired_at = now() where asset_id = @id and retired_at is null;
            update asset_versions set retired_at = null, published_at = now() where asset_id = @id and version = @Next
            """,
            new { id = asset.Value, before.Next }, transaction, cancellationToken: cancellationToken));
        await Announcement.Of(published).KeepAsync(connection, transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        announced.Set();
        return true;
    }

    private static async Task RefuseAsync(AssetId asset, Base before, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var notes = JsonSerializer.Deserialize(before.Notes, AssetJson.Default.SourceNoteArray)!.Where(note => !IsOfSidecars(note)).Append(SourceNote.RefusedSidecars());
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into sidecar_versions (asset_id, version, sidecars)
            select asset_id, @Version, sidecars from sidecar_versions where asset_id = @id and version = @Next
            on conflict (asset_id, version) do update set sidecars = excluded.sidecars;
            update assets set notes = cast(@notes as jsonb) where id = @id and version = @Version
            """,
            new { id = asset.Value, before.Version, before.Next, notes = NotesJson(notes) }, cancellationToken: cancellationToken));
    }

    private async Task<Presentation> ReadPresentationAsync(AssetId asset, int version, CancellationToken cancellationToken)
    {
        await using var stream = await store.OpenAsync(StorageKey.Presentation(asset, version), cancellationToken)
            ?? throw new ObjectStoreException($"The presentation of version {version} of {asset} is not in the object store.", isTransient: true);
        using var json = new MemoryStream();
        await stream.CopyToAsync(json, cancellationToken);
        return PresentationJson.Read(json.ToArray());
    }

    private async Task<PackagedOutput> FetchAsync(AssetId asset, int version, Rendition rendition, string folder, CancellationToken cancellationToken)
    {
        var prefix = StorageKey.VersionPrefix(asset, version);
        var output = new PackagedOutput(rendition, await FetchAsync(prefix, StorageKey.RenditionName(rendition.Id), folder, cancellationToken));
        return rendition.Kind != TrackKind.Text ? output : output with
        {
            Texts = new SubtitleFiles(
                await FetchAsync(prefix, StorageKey.TextSegmentsName(rendition.Id), folder, cancellationToken),
                await FetchAsync(prefix, StorageKey.SubtitlesName(rendition.Id), folder, cancellationToken)),
        };
    }

    private async Task<PackagedThumbnails?> FetchThumbnailsAsync(AssetId asset, int version, ThumbnailTiles? tiles, string folder, CancellationToken cancellationToken)
    {
        if (tiles is null) return null;
        var paths = new List<string>();
        for (var number = 1; number <= tiles.Sizes.Length; number++)
            paths.Add(await FetchAsync(StorageKey.VersionPrefix(asset, version), StorageKey.ThumbnailsName(number), folder, cancellationToken));
        return new PackagedThumbnails(tiles, paths);
    }

    private async Task<string> FetchAsync(string prefix, string name, string folder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, "kept-" + name.Replace('/', '-'));
        return await store.CopyToFileAsync(prefix + name, path, cancellationToken)
            ? path
            : throw new ObjectStoreException($"{prefix}{name} is not in the object store.", isTransient: true);
    }

    // The one out of the film: beside the team's own where the version has that.
    private async Task<string?> FetchFilmPosterAsync(AssetId asset, int version, string folder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, StorageKey.PosterName);
        var prefix = StorageKey.VersionPrefix(asset, version);
        if (await store.CopyToFileAsync(prefix + StorageKey.FilmPosterName, path, cancellationToken)) return path;
        // A film of sound alone has only the team's.
        return !await posters.IsShownAsync(asset, version, cancellationToken) && await store.CopyToFileAsync(prefix + StorageKey.PosterName, path, cancellationToken) ? path : null;
    }

    private async Task PutAsync(string key, byte[] json, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream(json, writable: false);
        await store.PutAsync(key, content, "application/json", cancellationToken);
    }

    private static async Task<JsonObject> DescribeAsync(PackagedFile file, CancellationToken cancellationToken)
    {
        await using var content = File.OpenRead(file.Path);
        return new JsonObject
        {
            ["name"] = file.Name, ["bytes"] = content.Length,
            ["sha256"] = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken)), ["samples"] = file.Samples,
        };
    }

    private static bool IsSidecar(string name) => name.StartsWith(Sidecar.RenditionPrefix, StringComparison.Ordinal);

    private static bool IsOfSidecars(SourceNote note) => note.Code is "guessed_encoding" or "unusable_subtitles" or "refused_subtitles" or "unusable_poster";

    private static string NotesJson(IEnumerable<SourceNote> notes) => JsonSerializer.Serialize([.. SourceNote.Bounded(notes)], AssetJson.Default.SourceNoteArray);

    // Advisory locks have numbers of 64 bits: the random end of the id.
    private static long LockKey(AssetId asset) => BinaryPrimitives.ReadInt64BigEndian(asset.Value.ToByteArray(bigEndian: true).AsSpan(8));

    private sealed record Base(int Next, int Version, Guid Owner, string Title, string Notes);

    private static partial class Log
    {
        [LoggerMessage(3731, LogLevel.Information, "{Asset}: version {Next} has {Count} subtitles of files, and else what version {Version} has")]
        public static partial void Published(ILogger logger, string asset, int version, int next, int count);

        [LoggerMessage(3732, LogLevel.Error, "{Asset} with its sidecars was refused: {Detail}")]
        public static partial void Refused(ILogger logger, string asset, string detail);
    }
}
