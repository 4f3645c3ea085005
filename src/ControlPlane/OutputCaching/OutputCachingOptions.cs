using Movento.ControlPlane.Redis;
using StackExchange.Redis;

namespace Movento.ControlPlane.OutputCaching;

/// <summary>Where answers that are the same for everybody are kept for a moment (section <c>Movento:ControlPlane:OutputCaching</c>).</summary>
public sealed class OutputCachingOptions
{
    /// <summary>The Redis that control planes share, as StackExchange.Redis writes it (<c>redis:6379,password=…,ssl=true</c>; version 5 or
    /// later); null or nothing keeps answers in the memory of each process. The host takes the edge's where nothing is said.</summary>
    public string? Redis { get; set; }

    /// <summary>How long Redis may take; past it, the database is asked instead. On its own network it answers within a few milliseconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Bytes of all answers that are kept, of this process or, in Redis, of all of them.</summary>
    public long MaxBytes { get; set; } = 32L << 20;

    /// <summary>Bytes of one answer; larger ones are not kept.</summary>
    public int MaxAnswerBytes { get; set; } = 256 << 10;

    internal bool IsShared => !string.IsNullOrWhiteSpace(Redis);

    internal IEnumerable<string> Validate()
    {
        if (IsShared && RedisSetting.Fault(Redis!) is { } fault)
            yield return $"OutputCaching:Redis cannot be read: {fault}";
        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromSeconds(5))
            yield return $"OutputCaching:Timeout must be above zero and at most 5 seconds, not {Timeout}.";
        if (MaxAnswerBytes is < 1024 or > 8 << 20)
            yield return $"OutputCaching:MaxAnswerBytes must be 1 KiB to 8 MiB, not {MaxAnswerBytes}.";
        if (MaxBytes < MaxAnswerBytes || MaxBytes > 16L << 30)
            yield return $"OutputCaching:MaxBytes must be MaxAnswerBytes at least and 16 GiB at most, not {MaxBytes}.";
    }

    internal ConfigurationOptions Read() => RedisSetting.Read(Redis!, "movento-control");
}
