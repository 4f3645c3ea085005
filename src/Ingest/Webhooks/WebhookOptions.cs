namespace Movento.Ingest.Webhooks;

/// <summary>What an operator decides about webhooks (section <c>Movento:Ingest:Webhooks</c>).</summary>
public sealed class WebhookOptions
{
    /// <summary>
    /// Whether endpoints may be on this machine, and then over plain HTTP too: for tests, and where receiver and Movento share a machine.
    /// Private networks stay closed.
    /// </summary>
    public bool AllowLoopback { get; set; }

    /// <summary>The most endpoints of a team.</summary>
    public int MaxEndpoints { get; set; } = 20;

    /// <summary>Deliveries at the same time from one process.</summary>
    public int Concurrency { get; set; } = 16;

    /// <summary>Deliveries at the same time from one process to one endpoint, so that a slow one does not hold up the others.</summary>
    public int ConcurrencyPerEndpoint { get; set; } = 4;

    /// <summary>How long one attempt may take, from the connection to the answer's last byte that is read.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a delivery is tried: with the delays below, over three days and a quarter.</summary>
    public int MaxAttempts { get; set; } = 11;

    /// <summary>How long a delivery waits after its first failure; four times as long after each further one.</summary>
    public TimeSpan FirstRetry { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest wait between two attempts.</summary>
    public TimeSpan LongestRetry { get; set; } = TimeSpan.FromHours(24);

    /// <summary>An endpoint is disabled when so many deliveries in a row were given up.</summary>
    public int DisableAfter { get; set; } = 3;

    /// <summary>How long a secret that was replaced signs too, where its owner does not say otherwise.</summary>
    public TimeSpan SecretOverlap { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long events and their deliveries are kept, to be looked at and sent again.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How often the progress of assets is told to endpoints that ask for it.</summary>
    public TimeSpan ProgressInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Every error of these options, a sentence each.</summary>
    public IEnumerable<string> Validate()
    {
        if (MaxEndpoints is < 1 or > 1000) yield return "Ingest:Webhooks:MaxEndpoints must be from 1 to 1000.";
        if (Concurrency is < 1 or > 1000) yield return "Ingest:Webhooks:Concurrency must be from 1 to 1000.";
        if (ConcurrencyPerEndpoint is < 1 or > 1000) yield return "Ingest:Webhooks:ConcurrencyPerEndpoint must be from 1 to 1000.";
        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromMinutes(5)) yield return "Ingest:Webhooks:Timeout must be positive and at most five minutes.";
        if (MaxAttempts is < 1 or > 100) yield return "Ingest:Webhooks:MaxAttempts must be from 1 to 100.";
        if (FirstRetry < TimeSpan.Zero) yield return "Ingest:Webhooks:FirstRetry must not be negative.";
        if (LongestRetry < FirstRetry) yield return "Ingest:Webhooks:LongestRetry must not be shorter than Ingest:Webhooks:FirstRetry.";
        if (DisableAfter < 1) yield return "Ingest:Webhooks:DisableAfter must be at least 1.";
        if (SecretOverlap < TimeSpan.Zero || SecretOverlap > TimeSpan.FromDays(30)) yield return "Ingest:Webhooks:SecretOverlap must be from zero to 30 days.";
        if (Retention < TimeSpan.FromHours(1)) yield return "Ingest:Webhooks:Retention must be at least one hour.";
        if (ProgressInterval < TimeSpan.FromMilliseconds(100)) yield return "Ingest:Webhooks:ProgressInterval must be at least 100 milliseconds.";
    }
}
