using Movento.Ingest.Jobs;

namespace Movento.Ingest;

/// <summary>The stages of one attempt at a job, one after another, and how long each took.</summary>
internal sealed class StageClock(JobProgress progress, IngestMetrics metrics, TimeProvider time)
{
    private readonly Dictionary<string, double> _seconds = [];
    private string? _stage;
    private long _started;

    /// <summary>Told of each stage.</summary>
    public JobProgress Progress { get; } = progress;

    /// <summary>Of the stages that have ended.</summary>
    public IReadOnlyDictionary<string, double> Seconds => _seconds;

    /// <summary>Ends the stage before it and begins this one.</summary>
    public void Begin(string stage)
    {
        End();
        (_stage, _started) = (stage, time.GetTimestamp());
        Progress.Begin(stage);
    }

    /// <summary>Ends the stage.</summary>
    public void End()
    {
        if (_stage is null) return;
        var elapsed = time.GetElapsedTime(_started);
        _seconds[_stage] = Math.Round(elapsed.TotalSeconds, 3);
        metrics.StageEnded(_stage, elapsed);
        _stage = null;
    }
}
