using System.Buffers;

namespace Movento.Packager.Tracks;

/// <summary>The samples of a track in decode order: one pooled array that grows up to a bound.</summary>
public sealed class SampleList : IDisposable
{
    /// <summary>46 hours of AAC at 48 kHz, or 38 hours of video at 60 frames a second: 192 MiB here.</summary>
    public const int MaxCount = 1 << 23;

    private Sample[] _samples = [];

    /// <summary>How many samples.</summary>
    public int Count { get; private set; }

    /// <summary>The samples, to be changed in place.</summary>
    public Span<Sample> Span => _samples.AsSpan(0, Count);

    /// <summary>A sample.</summary>
    public ref Sample this[int index] => ref _samples.AsSpan(0, Count)[index];

    /// <summary>Makes room for as many samples as the caller has seen the bytes of, so that the array need not grow by halves that stay behind.</summary>
    public void Reserve(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxCount);
        if (count > _samples.Length)
            MoveTo(count);
    }

    /// <summary>Adds a sample. Check <see cref="Count"/> against <see cref="MaxCount"/> first.</summary>
    public ref Sample Add()
    {
        if (Count == _samples.Length)
            Grow();
        ref var sample = ref _samples[Count++];
        sample = default;
        return ref sample;
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
        MoveTo(Math.Max(1024, _samples.Length * 2));
    }

    private void MoveTo(int count)
    {
        var larger = ArrayPool<Sample>.Shared.Rent(count);
        _samples.AsSpan(0, Count).CopyTo(larger);
        if (_samples.Length > 0)
            ArrayPool<Sample>.Shared.Return(_samples);
        _samples = larger;
    }
}
