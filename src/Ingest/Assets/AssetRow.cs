using System.Text.Json;
using Movento.Contracts;

namespace Movento.Ingest.Assets;

/// <summary>A row of the table assets, as far as the API shows it.</summary>
internal sealed class AssetRow
{
    /// <summary>The columns that fill a row.</summary>
    public const string Columns =
        """
        id as "Id", title as "Title", file_name as "FileName", state as "State", stage as "Stage", stage_progress as "StageProgress",
        rungs::text as "Rungs", version as "Version", playable_version as "PlayableVersion", priority as "Priority", bytes as "Bytes",
        job_outcome as "JobOutcome", duration_seconds as "DurationSeconds", rejection_code as "RejectionCode",
        rejection_message as "RejectionMessage", rejection_hint as "RejectionHint", notes::text as "Notes", revision as "Revision",
        changed_in as "ChangedIn", created_at as "CreatedAt", updated_at as "UpdatedAt"
        """;

    public Guid Id { get; init; }
    public string Title { get; init; } = "";
    public string FileName { get; init; } = "";
    public string State { get; init; } = "";
    public string Stage { get; init; } = "";
    public float StageProgress { get; init; }
    public string Rungs { get; init; } = "[]";
    public int? Version { get; init; }
    public short Priority { get; init; }
    public long? Bytes { get; init; }
    public string? JobOutcome { get; init; }
    public int? PlayableVersion { get; init; }
    public double? DurationSeconds { get; init; }
    public string? RejectionCode { get; init; }
    public string? RejectionMessage { get; init; }
    public string? RejectionHint { get; init; }
    public string Notes { get; init; } = "[]";
    public long Revision { get; init; }
    public long ChangedIn { get; init; }
    public DateTime CreatedAt { get; init; }
    public DateTime UpdatedAt { get; init; }

    // The whole version first: it goes on playing until a newer one is whole.
    private int? PlayableNow => Version ?? (State == AssetState.Processing ? PlayableVersion : null);

    /// <summary>Whether nothing will change any more by itself.</summary>
    public bool IsFinal => State is AssetState.Published or AssetState.Rejected or AssetState.Cancelled;

    /// <summary>As the API gives it: what has a version that plays is published, whatever else is done to it.</summary>
    public AssetView View() => new(
        new AssetId(Id).ToString(), Title, FileName, Version is null ? State : AssetState.Published, Priority, Bytes,
        Stages(), JsonSerializer.Deserialize(Rungs, AssetJson.Default.RungViewArray) ?? [],
        Version, PlayableNow, DurationSeconds, Version is null ? Verdict() : null, Job(),
        JsonSerializer.Deserialize(Notes, AssetJson.Default.SourceNoteArray) ?? [], new DateTimeOffset(CreatedAt), new DateTimeOffset(UpdatedAt));

    private Rejection? Verdict() => RejectionCode is null ? null : new Rejection(RejectionCode, RejectionMessage ?? "", RejectionHint ?? "");

    // Of a published asset: what is being done for another version of it, or how the last try ended that brought none.
    private JobView? Job() => Version is null ? null
        : State is AssetState.Queued or AssetState.Processing ? new JobView(State, null)
        : JobOutcome is not null ? new JobView(JobOutcome, Verdict())
        : null;

    private StageView[] Stages()
    {
        // While it waits for a worker, the upload is done and nothing else has begun.
        var current = State switch
        {
            AssetState.Published when JobOutcome is null => Ingest.Stage.InOrder.Length,
            AssetState.Queued => 1,
            _ => Array.IndexOf(Ingest.Stage.InOrder, Stage),
        };
        var running = State switch
        {
            AssetState.Queued => "waiting",
            AssetState.Receiving or AssetState.Processing => "running",
            _ => JobOutcome == AssetState.Cancelled ? "cancelled" : "failed",
        };
        return [.. Ingest.Stage.InOrder.Select((name, index) =>
            index < current ? new StageView(name, "done", 1)
            : index > current ? new StageView(name, "waiting", 0)
            : new StageView(name, running, State == AssetState.Queued ? 0 : Math.Round(StageProgress, 3)))];
    }
}
