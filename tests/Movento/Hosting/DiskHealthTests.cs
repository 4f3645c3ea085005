using Microsoft.Extensions.Diagnostics.HealthChecks;
using Movento.Hosting;

namespace Movento.Tests.Hosting;

public sealed class DiskHealthTests
{
    [Fact]
    public async Task Disk_WithRoom_IsHealthy() => Assert.Equal(HealthStatus.Healthy, (await CheckAsync(Path.GetTempPath(), least: 0)).Status);

    [Fact]
    public async Task Disk_WithLittleRoom_IsDegraded_AndNamesNoPath()
    {
        var result = await CheckAsync(Path.GetTempPath(), least: long.MaxValue);

        Assert.Equal(HealthStatus.Degraded, result.Status);
        Assert.Matches("^Of the disk [0-9]+ MiB are free", result.Description);
        Assert.DoesNotContain(Path.GetTempPath(), result.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disk_OfAFolderThatIsGone_IsDegraded() =>
        Assert.Equal(HealthStatus.Degraded, (await CheckAsync(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N")), least: 0)).Status);

    private static Task<HealthCheckResult> CheckAsync(string folder, long least)
    {
        var check = new DiskHealth(folder, least);
        return check.CheckHealthAsync(new HealthCheckContext { Registration = new HealthCheckRegistration("disk", check, HealthStatus.Degraded, tags: null) });
    }
}
