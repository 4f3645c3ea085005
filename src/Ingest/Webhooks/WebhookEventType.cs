namespace Movento.Ingest.Webhooks;

/// <summary>The types of events (docs/formats/webhooks.md).</summary>
internal static class WebhookEventType
{
    /// <summary>How far a job is. Often; only for endpoints that name it.</summary>
    public const string Progress = "asset.progress";

    /// <summary>Sent when an endpoint's owner asks for it, to try the endpoint.</summary>
    public const string Test = "webhook.test";

    /// <summary>Of an announcement's kind: <c>accepted</c> is <c>asset.accepted</c>, and so on.</summary>
    public static string OfAnnouncement(string kind) => "asset." + kind;

    /// <summary>What an endpoint gets that does not name its events.</summary>
    public static readonly string[] Usual =
        ["asset.accepted", "asset.playable", "asset.published", "asset.rejected", "asset.cancelled", "asset.deleted"];

    /// <summary>What an endpoint may name.</summary>
    public static readonly string[] All = [.. Usual, Progress];
}
