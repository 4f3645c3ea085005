namespace Movento.Ingest;

/// <summary>The pipeline's verdict that an asset cannot be published. Not a fault of ours: trying again cannot help.</summary>
/// <param name="reason">The verdict.</param>
/// <param name="detail">What was found, for the log; may quote a tool's output.</param>
public sealed class RejectedException(RejectionReason reason, string detail, Exception? innerException = null)
    : Exception($"{reason}: {detail}", innerException)
{
    /// <summary>The verdict.</summary>
    public RejectionReason Reason { get; } = reason;

    /// <summary>What the asset's owner reads behind the verdict's words, or null; never a tool's output.</summary>
    public string? Note { get; init; }
}
