using System.Buffers;

namespace Movento.Packager.Tracks;

/// <summary>The samples of a track in decode order: one pooled array that grows up to a bound.</summary>
public sealed class SampleList : IDisposable
{
    /// <summary>46 hours of AAC at 48 kHz, or 38 hours of video at 60 frames a second: 160 MiB here.</summary>
    public const int MaxCount = 1 << 23;

    private Sample[] _samples = [];

    /// <summary>How many samples.</summary>
    public int Count { get; private set; }

    /// <summary>The samples, to be changed in place.</summary>
    public Span<Sample> Span => _samples.AsSpan(0, Count);

    /// <summary>A sample.</summary>
    public ref Sample this[int index] => ref _samples.AsSpan(0, Count)[index];

    /// <summary>Adds a sample. Check <see cref="Count"/> against <see cref="MaxCount"/> first.</summary>
    public ref Sample Add()
    {
        if (Count == _samples.Length)
            Grow();
        ref var sample = ref _samples[Count++];
        sample = default;
        return ref sample;
    }

    /// <summary>Makes room for samples that are known to come, so that the array need not grow step by step.</summary>
    /// <param name="count">Backed by bytes of the file, not only by a number in it.</param>
    public void Reserve(int count)
    {
        if (count > _samples.Length && count <= MaxCount)
            Resize(count);
    }

    /// <summary>Drops samples from the end.</summary>
    public void Truncate(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)Count, nameof(count));
        Count = count;
    }

    /// <summary>Gives the array back.</summary>
    public void Dispose()
    {
        var samples = Interlocked.Exchange(ref _samples, []);
        Count = 0;
        if (samples.Length > 0)
            ArrayPool<Sample>.Shared.Return(samples);
    }

    private void Grow()
    {
        if (Count >= MaxCount)
            throw new InvalidOperationException($"A track has at most {MaxCount} samples.");
        Resize(Math.Max(1024, _samples.Length * 2));
    }

    private void Resize(int capacity)
    {
        var larger = ArrayPool<Sample>.Shared.Rent(capacity);
        _samples.AsSpan(0, Count).CopyTo(larger);
        if (_samples.Length > 0)
            ArrayPool<Sample>.Shared.Return(_samples);
        _samples = larger;
    }
}
