namespace Movento.Edge.Observation;

/// <summary>
/// A few counters that many cores add to: each core has a row of its own, cache lines apart from the others', and a reader sums the rows.
/// Adding takes no lock and allocates nothing.
/// </summary>
internal sealed class StripedCounters
{
    // Two lines of 64 bytes: processors fetch lines in pairs.
    private const int Padding = 16;

    private readonly long[] _cells;
    private readonly int _row;
    private readonly int _mask;

    /// <param name="count">How many counters there are.</param>
    public StripedCounters(int count)
    {
        var rows = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount, 64));
        _mask = rows - 1;
        _row = (count + Padding - 1) / Padding * Padding;
        // One pair of lines before the first row: it must not share one with the array's length.
        _cells = new long[Padding + rows * _row];
    }

    /// <summary>Adds to the counter with this index.</summary>
    public void Add(int index, long value) =>
        Interlocked.Add(ref _cells[Padding + (Thread.GetCurrentProcessorId() & _mask) * _row + index], value);

    /// <summary>What the counter with this index has come to.</summary>
    public long Read(int index)
    {
        var sum = 0L;
        for (var cell = Padding + index; cell < _cells.Length; cell += _row) sum += Volatile.Read(ref _cells[cell]);
        return sum;
    }
}
