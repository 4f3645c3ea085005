using System.Text.Json;
using System.Text.Json.Serialization;
using Dapper;
using Movento.Contracts;
using Movento.Ingest.Webhooks;
using Npgsql;

namespace Movento.Ingest.Announcements;

/// <summary>What other services have to hear, as it is kept until they have said that they recorded it.</summary>
/// <param name="AssetId">The asset.</param>
/// <param name="Kind"><c>accepted</c>, <c>playable</c>, <c>published</c>, <c>rejected</c>, <c>cancelled</c> or <c>deleted</c>.</param>
/// <param name="Version">The announced version; 0 where the announcement has none.</param>
/// <param name="Body">The message in JSON.</param>
internal sealed record Announcement(Guid AssetId, string Kind, int Version, string Body)
{
    public static Announcement Of(AssetAccepted message) =>
        new(message.AssetId, "accepted", 0, JsonSerializer.Serialize(message, AnnouncementJson.Default.AssetAccepted));

    public static Announcement Of(AssetPlayable message) =>
        new(message.AssetId, "playable", message.Version, JsonSerializer.Serialize(message, AnnouncementJson.Default.AssetPlayable));

    public static Announcement Of(AssetPublished message) =>
        new(message.AssetId, "published", message.Version, JsonSerializer.Serialize(message, AnnouncementJson.Default.AssetPublished));

    public static Announcement Of(AssetRejected message) =>
        new(message.AssetId, "rejected", 0, JsonSerializer.Serialize(message, AnnouncementJson.Default.AssetRejected));

    public static Announcement Of(AssetCancelled message) =>
        new(message.AssetId, "cancelled", message.Version, JsonSerializer.Serialize(message, AnnouncementJson.Default.AssetCancelled));

    public static Announcement Of(AssetDeleted message) =>
        new(message.AssetId, "deleted", 0, JsonSerializer.Serialize(message, AnnouncementJson.Default.AssetDeleted));

    /// <summary>The message itself.</summary>
    public object Message() => Kind switch
    {
        "accepted" => JsonSerializer.Deserialize(Body, AnnouncementJson.Default.AssetAccepted)!,
        "playable" => JsonSerializer.Deserialize(Body, AnnouncementJson.Default.AssetPlayable)!,
        "published" => JsonSerializer.Deserialize(Body, AnnouncementJson.Default.AssetPublished)!,
        "rejected" => JsonSerializer.Deserialize(Body, AnnouncementJson.Default.AssetRejected)!,
        "cancelled" => JsonSerializer.Deserialize(Body, AnnouncementJson.Default.AssetCancelled)!,
        "deleted" => JsonSerializer.Deserialize(Body, AnnouncementJson.Default.AssetDeleted)!,
        _ => throw new InvalidOperationException($"An announcement of kind '{Kind}'."),
    };

    /// <summary>Keeps it, and the event for the team's webhooks, in the transaction that makes it true.</summary>
    public async Task KeepAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        // Whose it is, the row of the asset knows best: the catalogue lets that team edit it.
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into announcements (asset_id, kind, version, body)
            values (@AssetId, @Kind, @Version, cast(@Body as jsonb) || coalesce(
              (select jsonb_build_object('TeamId', team_id) from assets where id = @AssetId and @Kind in ('accepted', 'playable', 'published')), '{}'))
            on conflict (asset_id, kind, version) do update set body = excluded.body, sent = 0, next_at = now()
            """,
            this, transaction, cancellationToken: cancellationToken));
        await WebhookOutbox.KeepAsync(connection, transaction, AssetId, WebhookEventType.OfAnnouncement(Kind), cancellationToken);
    }
}

[JsonSerializable(typeof(AssetAccepted))]
[JsonSerializable(typeof(AssetPlayable))]
[JsonSerializable(typeof(AssetPublished))]
[JsonSerializable(typeof(AssetRejected))]
[JsonSerializable(typeof(AssetCancelled))]
[JsonSerializable(typeof(AssetDeleted))]
internal sealed partial class AnnouncementJson : JsonSerializerContext;
