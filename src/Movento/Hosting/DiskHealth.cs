using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Movento.Hosting;

/// <summary>
/// Whether a disk has room. Without, everything is still served, while uploads are refused and encodes wait: degraded, so that a load balancer goes on and an operator hears of it.
/// The reason names no path: anybody may read it.
/// </summary>
/// <param name="folder">On the disk.</param>
/// <param name="least">Bytes below which there is too little.</param>
internal sealed class DiskHealth(string folder, long least = DiskHealth.Least) : IHealthCheck
{
    // A film of ten minutes with its ladder, of 1080p at 8 Mbit/s; before it is full, somebody should have been told.
    private const long Least = 1L << 30;

    private const long Mebibyte = 1 << 20;

    /// <param name="name">What it is called in the answer.</param>
    /// <param name="folder">On the disk.</param>
    public static HealthCheckRegistration Of(string name, string folder) => new(name, _ => new DiskHealth(folder), HealthStatus.Degraded, tags: null);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var free = new DriveInfo(folder).AvailableFreeSpace;
            return Task.FromResult(free >= least
                ? HealthCheckResult.Healthy()
                : new HealthCheckResult(context.Registration.FailureStatus, $"Of the disk {free / Mebibyte} MiB are free; below {least / Mebibyte} uploads and encodes may soon have no room."));
        }
        // Whoever reported it would name the folder.
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Task.FromResult(new HealthCheckResult(context.Registration.FailureStatus, "How much of the disk is free cannot be read."));
        }
    }
}
