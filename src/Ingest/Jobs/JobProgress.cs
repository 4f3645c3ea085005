using System.Text.Json;
using Movento.Ingest.Assets;
using Movento.Ingest.Ladder;

namespace Movento.Ingest.Jobs;

/// <summary>How far a job is: kept in memory, written by the lease at its own pace.</summary>
internal sealed class JobProgress
{
    private readonly Lock _lock = new();
    private IReadOnlyList<Rung> _rungs = [];
    private IReadOnlyList<SourceNote> _notes = [];
    private IReadOnlyDictionary<string, double> _encoded = new Dictionary<string, double>();

    /// <summary>The current stage.</summary>
    public string Stage { get; private set; } = Ingest.Stage.Probe;

    /// <summary>Of the current stage, from 0 to 1.</summary>
    public float Fraction { get; private set; }

    /// <summary>Of the source, once it is known.</summary>
    public double? DurationSeconds { get; private set; }

    /// <summary>Begins a stage.</summary>
    public void Begin(string stage)
    {
        lock (_lock) (Stage, Fraction) = (stage, 0);
    }

    /// <summary>The probe's and the ladder's results.</summary>
    public void Plan(TimeSpan duration, IReadOnlyList<Rung> rungs)
    {
        lock (_lock) (DurationSeconds, _rungs) = (duration.TotalSeconds, rungs);
    }

    /// <summary>What is known by now not to be in what is made.</summary>
    public void Note(IReadOnlyList<SourceNote> notes)
    {
        lock (_lock) _notes = [.. notes.Take(SourceNote.MaxCount)];
    }

    /// <summary>The notes as the API gives them.</summary>
    public string NotesJson()
    {
        lock (_lock) return JsonSerializer.Serialize([.. _notes], AssetJson.Default.SourceNoteArray);
    }

    /// <summary>How far the current stage is, from 0 to 1.</summary>
    public void Report(double fraction)
    {
        lock (_lock)
        {
            Fraction = (float)Math.Clamp(fraction, 0, 1);
        }
    }

    /// <summary>How far each rung is, by its id, from 0 to 1; the stage is as far as they are on the average.</summary>
    public void Encoded(IReadOnlyDictionary<string, double> rungs)
    {
        lock (_lock)
        {
            _encoded = rungs;
            if (Stage == Ingest.Stage.Encode && rungs.Count > 0) Fraction = (float)Math.Clamp(rungs.Values.Average(), 0, 1);
        }
    }

    /// <summary>The rungs as the API gives them.</summary>
    public string RungsJson()
    {
        lock (_lock)
            return JsonSerializer.Serialize(
                [.. _rungs.Select(rung => new RungView(rung.Id, rung.Width, rung.Height, Math.Round(Math.Clamp(_encoded.GetValueOrDefault(rung.Id), 0, 1), 3)))],
                AssetJson.Default.RungViewArray);
    }
}
