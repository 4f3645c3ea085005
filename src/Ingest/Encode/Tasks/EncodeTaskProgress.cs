namespace Movento.Ingest.Encode.Tasks;

/// <summary>How far a task is: kept in memory, written by its lease.</summary>
internal sealed class EncodeTaskProgress
{
    private double _fraction;
    private int _parts;

    /// <summary>From 0 to 1.</summary>
    public double Fraction
    {
        get => Volatile.Read(ref _fraction);
        set => Volatile.Write(ref _fraction, value);
    }

    /// <summary>Parts that are stored.</summary>
    public int Parts => Volatile.Read(ref _parts);

    /// <summary>Parts that whoever waits for the film was told of; written by the lease alone.</summary>
    public int PartsTold { get; set; }

    /// <summary>Called when <see cref="Parts"/> has grown.</summary>
    public Action? OnPart { get; set; }

    /// <summary>One part more is stored.</summary>
    public void Add()
    {
        Interlocked.Increment(ref _parts);
        OnPart?.Invoke();
    }
}
