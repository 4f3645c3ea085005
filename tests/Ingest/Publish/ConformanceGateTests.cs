using Microsoft.Extensions.Logging.Abstractions;
using Movento.Contracts;
using Movento.Harness;
using Movento.Ingest.Publish;
using Movento.Packager.Cmaf;
using Movento.Packager.Presentations;

namespace Movento.Ingest.Tests.Publish;

public sealed class ConformanceGateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConformanceGate _gate = new(NullLogger<ConformanceGate>.Instance, TimeProvider.System);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Film_PackagedWell_Passes() => await _gate.DemandAsync(AssetId.New(TimeProvider.System.GetUtcNow()), await PackageAsync(), default);

    [Fact]
    public async Task Film_WithABrokenFragment_IsRejectedByName()
    {
        var outputs = await PackageAsync();
        var bytes = await File.ReadAllBytesAsync(outputs[0].Path);
        var trun = bytes.AsSpan().IndexOf("trun"u8);
        bytes[trun + 4 + 13] |= 1; // first_sample_flags: not a sync sample
        await File.WriteAllBytesAsync(outputs[0].Path, bytes);

        var rejected = await Assert.ThrowsAsync<RejectedException>(() => _gate.DemandAsync(AssetId.New(TimeProvider.System.GetUtcNow()), outputs, default));
        Assert.Equal(RejectionReason.NotConformant, rejected.Reason);
        Assert.Contains("iso-sync ", rejected.Message, StringComparison.Ordinal);
        var rejection = Rejection.Of(rejected.Reason, rejected.Note);
        Assert.Equal("not_conformant", rejection.Code);
        Assert.Contains("The first finding: ", rejection.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Film_WhoseModelSaysMoreThanItsBytes_IsRejectedByName()
    {
        var outputs = await PackageAsync();
        var lying = outputs[0].Rendition with { Video = outputs[0].Rendition.Video! with { Width = 1920, Height = 1080 } };
        var rejected = await Assert.ThrowsAsync<RejectedException>(() => _gate.DemandAsync(AssetId.New(TimeProvider.System.GetUtcNow()), [outputs[0] with { Rendition = lying }, outputs[1]], default));
        Assert.Contains("hls-resolution", rejected.Message, StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<PackagedOutput>> PackageAsync() =>
        [await PackageAsync("v720", TrackKind.Video), await PackageAsync("a0", TrackKind.Audio)];

    private async Task<PackagedOutput> PackageAsync(string id, TrackKind kind)
    {
        var path = _folder.Combine($"{id}.cmaf");
        await using var source = File.OpenRead(Repository.Media("bbb_720p24_60s.mp4"));
        await using var destination = File.Create(path);
        return new(await CmafPackager.PackageAsync(source, destination, new CmafSettings { Id = id, Kind = kind, SegmentDuration = TimeSpan.FromSeconds(4) }, default), path);
    }
}
