namespace Movento.Ingest.Webhooks;

/// <summary>A row of the table webhook_endpoints.</summary>
internal sealed class EndpointRow
{
    /// <summary>The columns that fill a row.</summary>
    public const string Columns =
        """
        id as "Id", url as "Url", description as "Description", events as "Events", secret_number as "SecretNumber",
        case when previous_until > now() then previous_until end as "PreviousUntil", failures as "Failures", disabled_at as "DisabledAt",
        disabled_reason as "DisabledReason", created_at as "CreatedAt", updated_at as "UpdatedAt"
        """;

    public Guid Id { get; init; }
    public string Url { get; init; } = "";
    public string Description { get; init; } = "";
    public string[] Events { get; init; } = [];
    public int SecretNumber { get; init; }
    public DateTime? PreviousUntil { get; init; }
    public int Failures { get; init; }
    public DateTime? DisabledAt { get; init; }
    public string? DisabledReason { get; init; }
    public DateTime CreatedAt { get; init; }
    public DateTime UpdatedAt { get; init; }

    public EndpointView View(string? secret = null) => new(
        Id.ToString("N"), Url, Description, Events, DisabledAt is null, DisabledReason, Time(DisabledAt), Failures, Time(PreviousUntil),
        new DateTimeOffset(CreatedAt), new DateTimeOffset(UpdatedAt)) { Secret = secret };

    private static DateTimeOffset? Time(DateTime? time) => time is { } value ? new DateTimeOffset(value) : null;
}
