namespace Movento.Ingest;

/// <summary>The states of an asset (docs/formats/http-api.md), as they stand in the database.</summary>
internal static class AssetState
{
    /// <summary>Its bytes are on their way.</summary>
    public const string Receiving = "receiving";

    /// <summary>Its bytes are durable; it waits for a worker.</summary>
    public const string Queued = "queued";

    /// <summary>A worker holds it.</summary>
    public const string Processing = "processing";

    /// <summary>It may be played. Final, unless it is encoded again.</summary>
    public const string Published = "published";

    /// <summary>It cannot be published. Final, unless it is encoded again.</summary>
    public const string Rejected = "rejected";

    /// <summary>Its owner stopped the work; the source is kept. Final, unless it is encoded again.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>It is being removed; nobody sees it any more.</summary>
    public const string Deleting = "deleting";
}
