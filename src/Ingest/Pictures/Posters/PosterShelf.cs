using Dapper;
using Movento.Contracts;
using Movento.Ingest.Subtitles.Sidecars;
using Movento.Storage;

namespace Movento.Ingest.Pictures.Posters;

/// <summary>
/// The posters that teams uploaded: which one an asset has in the database, the picture as it came in the object store. A change counts among those of the
/// sidecars (assets.sidecars), and wakes the same worker.
/// </summary>
internal sealed class PosterShelf(IngestDatabase database, IObjectStore store, SidecarSignal signal)
{
    /// <summary>Keeps a picture in place of the one before; null for the film's own. The object first: a row names a picture that is there.</summary>
    /// <returns>False: there is no such asset any more.</returns>
    public async Task<bool> SetAsync(AssetId asset, byte[]? picture, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        if (picture is not null)
        {
            using var content = new MemoryStream(picture, writable: false);
            await store.PutAsync(StorageKey.TeamPoster(asset, id), content, "application/octet-stream", cancellationToken);
        }

        // What was kept is named, whether the caller waits for it or not.
        await using var connection = await database.Source.OpenConnectionAsync(CancellationToken.None);
        var before = await connection.QuerySingleOrDefaultAsync<(Guid Id, Guid? Poster)?>(
            """
            with before as (select id, poster from assets where id = @asset and state <> 'deleting' for update),
            changed as (
              update assets set poster = @poster, sidecars = sidecars + 1 from before
              where assets.id = before.id and before.poster is distinct from @poster)
            select id, poster from before
            """,
            new { asset = asset.Value, poster = picture is null ? (Guid?)null : id });
        if ((before is null ? id : before.Value.Poster) is { } useless) await store.DeleteAsync(StorageKey.TeamPoster(asset, useless), CancellationToken.None);
        signal.Set();
        return before is not null;
    }

    /// <summary>Brings the asset's picture to <paramref name="path"/>. Null: it has none of its own.</summary>
    public async Task<Guid?> FetchAsync(AssetId asset, string path, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        var poster = await connection.ExecuteScalarAsync<Guid?>(new CommandDefinition(
            "select poster from assets where id = @asset", new { asset = asset.Value }, cancellationToken: cancellationToken));
        // One that was replaced meanwhile was counted, and so the version is made anew.
        return poster is { } id && await store.CopyToFileAsync(StorageKey.TeamPoster(asset, id), path, cancellationToken) ? id : null;
    }

    /// <summary>Writes down that a version that is being made shows this picture.</summary>
    public async Task TakeAsync(AssetId asset, int version, Guid poster, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into sidecar_versions (asset_id, version, sidecars, poster) values (@asset, @version, 0, @poster)
            on conflict (asset_id, version) do update set poster = excluded.poster
            """,
            new { asset = asset.Value, version, poster }, cancellationToken: cancellationToken));
    }

    /// <summary>Whether a version shows a picture of the team's.</summary>
    public async Task<bool> IsShownAsync(AssetId asset, int version, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select exists (select from sidecar_versions where asset_id = @asset and version = @version and poster is not null)",
            new { asset = asset.Value, version }, cancellationToken: cancellationToken));
    }
}
