using System.Diagnostics.Metrics;

namespace Movento.Ingest;

/// <summary>What ingest measures of itself: the meter <c>Movento.Ingest</c>.</summary>
public sealed class IngestMetrics
{
    private readonly Counter<long> _uploads;
    private readonly Counter<long> _uploadBytes;
    private readonly Counter<long> _jobs;
    private readonly Histogram<double> _stageSeconds;

    public IngestMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Movento.Ingest");
        _uploads = meter.CreateCounter<long>("movento.ingest.uploads", "{upload}", "Uploads by outcome: accepted or the error's code.");
        _uploadBytes = meter.CreateCounter<long>("movento.ingest.upload.bytes", "By", "Bytes of accepted uploads.");
        _jobs = meter.CreateCounter<long>("movento.ingest.jobs", "{job}", "Jobs by outcome: published, a rejection's code, released, retried or lost.");
        _stageSeconds = meter.CreateHistogram<double>("movento.ingest.stage.duration", "s", "Time a job spent in a stage.");
    }

    internal void Accepted(long bytes)
    {
        _uploads.Add(1, new KeyValuePair<string, object?>("outcome", "accepted"));
        _uploadBytes.Add(bytes);
    }

    internal void Refused(string code) => _uploads.Add(1, new KeyValuePair<string, object?>("outcome", code));

    internal void JobEnded(string outcome) => _jobs.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    internal void StageEnded(string stage, TimeSpan elapsed) =>
        _stageSeconds.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("stage", stage));
}
