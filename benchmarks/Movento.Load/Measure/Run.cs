namespace Movento.Load.Measure;

/// <summary>What one run cost, and made.</summary>
/// <param name="CpuSeconds">User and system time of everything that worked in it.</param>
/// <param name="PeakMemoryBytes">The highest sum of proportional set sizes seen, sampled ten times a second; null where the work was done in this process.</param>
/// <param name="MediaBytes">Bytes of media that came out: equal settings make about equal bytes.</param>
internal readonly record struct Run(double WallSeconds, double CpuSeconds, double? PeakMemoryBytes, double MediaBytes)
{
    /// <summary>Of <see cref="CpuSeconds"/>, what no tool used that a service starts; null where the contender does not tell them apart.</summary>
    public double? OwnCpuSeconds { get; init; }

    public static Run Ratio(Run ours, Run peer) => new(
        ours.WallSeconds / peer.WallSeconds, ours.CpuSeconds / peer.CpuSeconds,
        ours.PeakMemoryBytes / peer.PeakMemoryBytes, ours.MediaBytes / peer.MediaBytes);
}
