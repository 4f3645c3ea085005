using Dapper;
using Movento.Contracts;
using Movento.Ingest.Probe;
using Movento.Ingest.Publish;
using Movento.Packager;
using Movento.Storage;

namespace Movento.Ingest.Subtitles.Sidecars;

/// <summary>Takes an asset's sidecars into a version that is being made, be it by an encode or out of the version before.</summary>
internal sealed class SidecarStep(IngestDatabase database, IObjectStore store, SidecarShelf shelf, SubtitleStep subtitles)
{
    /// <summary>Packages every sidecar that shows something within the film, and writes down which of them the version has.</summary>
    /// <param name="asset">Whose they are.</param>
    /// <param name="version">The version that is being made.</param>
    /// <param name="duration">Of the film's packaged pictures and sound.</param>
    /// <param name="names">What the other subtitles are called: these get other names.</param>
    /// <param name="folder">The job's folder.</param>
    /// <param name="notes">Takes what was left out or guessed.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<IReadOnlyList<PackagedOutput>> PackageAsync(
        AssetId asset, int version, TimeSpan duration, IEnumerable<string?> names, string folder, ICollection<SourceNote> notes, CancellationToken cancellationToken)
    {
        var (sidecars, count, _) = await shelf.ListAsync(asset, cancellationToken);
        if (count == 0) return [];
        var taken = new HashSet<string?>(names, StringComparer.Ordinal);
        var outputs = new List<PackagedOutput>();
        foreach (var sidecar in sidecars)
        {
            // One that was removed meanwhile counts the asset's sidecars up, and so is looked at again.
            var path = Path.Combine(folder, SubtitleStep.FileName(sidecar.RenditionId));
            if (!await store.CopyToFileAsync(sidecar.Key(asset), path, cancellationToken)) continue;
            if (await PackageAsync(sidecar, duration, taken, folder, cancellationToken) is { } output)
            {
                outputs.Add(output);
                if (sidecar.IsGuessed) notes.Add(SourceNote.GuessedEncoding(sidecar.Name));
            }
            else notes.Add(SourceNote.UnusableSidecar(sidecar.Name));
        }

        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into sidecar_versions (asset_id, version, sidecars) values (@asset, @version, @count)
            on conflict (asset_id, version) do update set sidecars = excluded.sidecars
            """,
            new { asset = asset.Value, version, count }, cancellationToken: cancellationToken));
        return outputs;
    }

    private async Task<PackagedOutput?> PackageAsync(
        Sidecar sidecar, TimeSpan duration, HashSet<string?> taken, string folder, CancellationToken cancellationToken)
    {
        // HLS wants the NAME of a rendition to be unique in its group (RFC 8216 §4.3.4.1.1).
        var name = sidecar.Name;
        for (var n = 2; !taken.Add(name); n++) name = $"{sidecar.Name} {n}";
        var facts = new SubtitleFacts { Stream = -1, Codec = "sidecar", Language = sidecar.Language, Role = sidecar.TrackRole };
        var output = new SubtitleOutput(sidecar.RenditionId, facts, name, IsDefault: false);
        try
        {
            return await subtitles.PackageAsync(output, duration, folder, cancellationToken);
        }
        catch (MediaFormatException)
        {
            // It could be read when it came, but not be packaged with this film.
            return null;
        }
    }
}
