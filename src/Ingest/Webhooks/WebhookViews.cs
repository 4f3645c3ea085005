using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Movento.ApiDescription;
using Movento.Ingest.Assets;

namespace Movento.Ingest.Webhooks;

/// <summary>What is sent, as Standard Webhooks names its members.</summary>
/// <param name="Type">See <see cref="WebhookEventType"/>.</param>
/// <param name="Timestamp">When it happened.</param>
/// <param name="Data">The asset at that moment; null where the event is of none.</param>
internal sealed record WebhookMessage(string Type, DateTimeOffset Timestamp, AssetView? Data);

/// <summary>An endpoint.</summary>
internal sealed record EndpointView(
    string Id, string Url, string Description, IReadOnlyList<string> Events, bool Enabled, string? DisabledReason, DateTimeOffset? DisabledAt,
    int Failures, DateTimeOffset? PreviousSecretUntil, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    /// <summary>Only in the answer that makes it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }
}

/// <summary>A team's endpoints, the oldest first.</summary>
internal sealed record EndpointList(IReadOnlyList<EndpointView> Items);

/// <summary>An endpoint to be made.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record EndpointRequest(
    [property: Required, MaxLength(2048)] string? Url, [property: MaxLength(EndpointApi.MaxDescription)] string? Description, [property: Words(typeof(WebhookEventType), nameof(WebhookEventType.All))] string[]? Events);

/// <summary>What is to be changed of an endpoint; null stays.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record EndpointPatch(
    [property: MaxLength(2048)] string? Url, [property: MaxLength(EndpointApi.MaxDescription)] string? Description, [property: Words(typeof(WebhookEventType), nameof(WebhookEventType.All))] string[]? Events, bool? Enabled);

/// <summary>How a secret is to be replaced: for how many seconds the one before signs too; null for the operator's choice.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RotationRequest([property: Range(0, EndpointApi.MaxOverlapSeconds)] int? KeepPreviousSeconds);

/// <summary>A new secret, shown this once, and until when the one before signs too.</summary>
internal sealed record RotationView(string Secret, DateTimeOffset PreviousSecretUntil);

/// <summary>Which events are to be sent again: of what time, and only those that were given up where <paramref name="OnlyFailed"/>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ReplayRequest([property: Required] DateTimeOffset? Since, DateTimeOffset? Until, bool? OnlyFailed);

/// <summary>How many deliveries are sent again.</summary>
internal sealed record ReplayView(int Deliveries);

/// <summary>The delivery of an event to an endpoint: <c>pending</c>, <c>delivered</c> or <c>failed</c>.</summary>
internal sealed record DeliveryView(
    string Id, string MessageId, string Type, string? AssetId, [property: Words(typeof(DeliveryApi), nameof(DeliveryApi.States))] string State, int Attempts, DateTimeOffset? NextAt, DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt, AttemptView? LastAttempt);

/// <summary>A delivery with everything that is kept of it: what is sent, and what came of each attempt.</summary>
internal sealed record DeliveryDetail(DeliveryView Delivery, string Body, IReadOnlyList<AttemptView> Attempts);

/// <summary>A page of deliveries, the newest first; <paramref name="Next"/> is the <c>after</c> of the next one.</summary>
internal sealed record DeliveryPage(IReadOnlyList<DeliveryView> Items, string? Next);

/// <summary>One attempt: the answer's status, or why there was none; how long it took; the beginning of the answer.</summary>
internal sealed record AttemptView(int Number, DateTimeOffset At, int? Status, string? Error, int Milliseconds, string Snippet);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(WebhookMessage))]
[JsonSerializable(typeof(EndpointView))]
[JsonSerializable(typeof(EndpointList))]
[JsonSerializable(typeof(EndpointRequest))]
[JsonSerializable(typeof(EndpointPatch))]
[JsonSerializable(typeof(RotationRequest))]
[JsonSerializable(typeof(RotationView))]
[JsonSerializable(typeof(ReplayRequest))]
[JsonSerializable(typeof(ReplayView))]
[JsonSerializable(typeof(DeliveryDetail))]
[JsonSerializable(typeof(DeliveryPage))]
internal sealed partial class WebhookJson : JsonSerializerContext;
