using Movento.Contracts;
using Movento.Storage.Staging;

namespace Movento.Ingest.Upload.Resumable;

/// <summary>A row of the table uploads.</summary>
internal sealed class UploadRow
{
    /// <summary>The columns that fill a row.</summary>
    public const string Columns =
        """
        id as "Id", owner_id as "Owner", team_id as "Team", kind as "Kind", state as "State", failure as "Failure", length as "Length",
        received as "Received", staged as "Memo", metadata as "Metadata", digest as "Digest", parts as "Parts", direct_parts::text as "DirectParts",
        asked as "Asked", holder as "Holder", expires_at as "ExpiresAt"
        """;

    public Guid Id { get; init; }
    public Guid Owner { get; init; }
    public Guid Team { get; init; }
    public string Kind { get; init; } = "";
    public string State { get; init; } = "";
    public string? Failure { get; init; }
    public long? Length { get; init; }
    public long Received { get; init; }
    public string? Memo { get; init; }
    public string? Metadata { get; init; }
    public byte[]? Digest { get; init; }
    public Guid[]? Parts { get; init; }
    public string? DirectParts { get; init; }
    public byte[]? Asked { get; init; }
    public Guid? Holder { get; init; }
    public DateTime ExpiresAt { get; init; }

    public AssetId Asset => new(Id);

    /// <summary>The key that the whole will have.</summary>
    public string Key => Kind == UploadKind.Part ? StorageKey.UploadPart(Asset) : StorageKey.Upload(Asset);

    public StagedBytes Staged => new(Received, Memo);

    /// <summary>Whether it can be addressed by tus and the draft.</summary>
    public bool IsResumable => Kind is UploadKind.Whole or UploadKind.Part or UploadKind.Joined;

    /// <summary>Whether every byte is there.</summary>
    public bool HasAll => State is UploadState.Finishing or UploadState.Complete;
}

/// <summary>What kind of upload it is, as it stands in the database.</summary>
internal static class UploadKind
{
    public const string Whole = "whole";
    public const string Part = "part";
    public const string Joined = "joined";
    public const string Direct = "direct";
    public const string Plain = "plain";
}

/// <summary>How far an upload is, as it stands in the database.</summary>
internal static class UploadState
{
    /// <summary>It takes bytes.</summary>
    public const string Open = "open";

    /// <summary>It has them all, durable; what is left to do needs no client.</summary>
    public const string Finishing = "finishing";

    /// <summary>Its asset is queued.</summary>
    public const string Complete = "complete";

    /// <summary>It takes nothing any more.</summary>
    public const string Failed = "failed";
}
