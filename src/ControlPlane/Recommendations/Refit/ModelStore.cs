using System.Security.Cryptography;
using Dapper;
using Movento.Contracts;
using Movento.ControlPlane.Recommendations.Models;
using Movento.Storage;

namespace Movento.ControlPlane.Recommendations.Refit;

/// <summary>The models that were fitted: a row each, and an object whose hash the row knows.</summary>
internal sealed class ModelStore(RecommendationsDatabase database, IObjectStore store, TimeProvider time)
{
    /// <summary>The last one answers, and one before it may just be read elsewhere.</summary>
    public const int Kept = 3;

    private const int BufferBytes = 1 << 16;

    /// <summary>What the last fit left behind; null where there was none.</summary>
    public async Task<Row?> FindLatestAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            "SELECT id AS Id, object AS Object, sha256 AS Sha256, fitted_at AS FittedAt FROM models ORDER BY id DESC LIMIT 1", cancellationToken: cancellationToken));
    }

    /// <summary>Reads a model back.</summary>
    /// <exception cref="InvalidDataException">It is gone, or not what was written.</exception>
    public async Task<CurrentModel.Versioned> ReadAsync(Row row, CancellationToken cancellationToken)
    {
        await using var stream = await store.OpenAsync(row.Object, cancellationToken) ?? throw new InvalidDataException($"There is no object {row.Object}.");
        using var hash = SHA256.Create();
        await using var hashed = new CryptoStream(stream, hash, CryptoStreamMode.Read, leaveOpen: true);
        await using var buffered = new BufferedStream(hashed, BufferBytes);
        // Tens of megabytes, read as they come.
        var model = await Task.Run(() => ModelFile.Read(buffered), cancellationToken);
        return hash.Hash.AsSpan().SequenceEqual(row.Sha256)
            ? new CurrentModel.Versioned(row.Id, model)
            : throw new InvalidDataException($"The object {row.Object} is not what was written.");
    }

    /// <summary>Keeps a model: first the object, then the row. Older models than <see cref="Kept"/> go.</summary>
    public async Task<CurrentModel.Versioned> WriteAsync(RecommendationModel model, int viewers, CancellationToken cancellationToken)
    {
        // :: Step 1: the object, from a file that is gone when it is closed
        var key = StorageKey.RecommendationModel(Guid.CreateVersion7(time.GetUtcNow()));
        byte[] sha256;
        var path = Path.Combine(Path.GetTempPath(), $"movento-model-{Guid.NewGuid():N}");
        await using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, BufferBytes, FileOptions.DeleteOnClose))
        {
            await Task.Run(() => ModelFile.Write(model, file), cancellationToken);
            file.Position = 0;
            sha256 = await SHA256.HashDataAsync(file, cancellationToken);
            file.Position = 0;
            await store.PutAsync(key, file, "application/octet-stream", cancellationToken);
        }

        // :: Step 2: the row, by which others find it
        await using var connection = await database.OpenAsync(cancellationToken);
        var id = await connection.QuerySingleAsync<long>(new CommandDefinition(
            "INSERT INTO models (object, sha256, films, viewers, fitted_at) VALUES (@key, @sha256, @films, @viewers, @now) RETURNING id",
            new { key, sha256, films = model.Films.Length, viewers, now = time.GetUtcNow() },
            cancellationToken: cancellationToken));

        // :: Step 3: what is too old; its row goes last, so that an object that cannot be removed now is removed next time
        var old = await connection.QueryAsync<(long Id, string Object)>(new CommandDefinition(
            "SELECT id, object FROM models ORDER BY id DESC OFFSET @Kept", new { Kept }, cancellationToken: cancellationToken));
        foreach (var (oldId, oldObject) in old)
        {
            await store.DeleteAsync(oldObject, cancellationToken);
            await connection.ExecuteAsync(new CommandDefinition("DELETE FROM models WHERE id = @oldId", new { oldId }, cancellationToken: cancellationToken));
        }

        return new CurrentModel.Versioned(id, model);
    }

    /// <param name="Id">Grows with every fit.</param>
    /// <param name="Object">Its key in the object store.</param>
    /// <param name="Sha256">Of the object.</param>
    /// <param name="FittedAt">In UTC.</param>
    public sealed record Row(long Id, string Object, byte[] Sha256, DateTime FittedAt);
}
