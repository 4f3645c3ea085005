using Movento.Contracts;
using Movento.Ingest.Encode;
using Movento.Packager;
using Movento.Packager.Cmaf;
using Movento.Packager.Presentations;

namespace Movento.Ingest.Publish;

/// <summary>From encoded files to CMAF track files, one for each rendition.</summary>
internal sealed class PackageStep(IngestOptions options, ContentKeySecret contentKeys)
{
    private const int Buffer = 256 * 1024;

    /// <summary>Packages everything that the plan encoded; each encoded file is deleted once it is packaged.</summary>
    /// <exception cref="RejectedException">The encoder wrote something that cannot be packaged.</exception>
    public async Task<IReadOnlyList<PackagedOutput>> PackageAsync(
        AssetId asset, EncodePlan plan, string folder, Action<double> onProgress, CancellationToken cancellationToken)
    {
        using var keys = VersionKeys.For(asset, plan.Facts.Duration, options, contentKeys);
        CmafSettings[] settings =
        [
            .. plan.Ladder.Rungs.Select(rung => new CmafSettings
            {
                Id = rung.Id, Kind = TrackKind.Video, SegmentDuration = options.SegmentDuration,
                Encryption = keys?.Settings,
            }),
            .. plan.Audio.Select(output => new CmafSettings
            {
                Id = output.Id, Kind = TrackKind.Audio, SegmentDuration = options.SegmentDuration,
                Language = output.Track.Language, Name = output.Name, IsDefault = output.IsDefault, Role = output.Track.Role,
                Encryption = keys?.Settings,
            }),
        ];
        var packaged = new List<PackagedOutput>(settings.Length);
        foreach (var setting in settings)
        {
            packaged.Add(await PackageAsync(setting, folder, cancellationToken));
            onProgress((double)packaged.Count / settings.Length);
        }
        return packaged;
    }

    private static async Task<PackagedOutput> PackageAsync(CmafSettings settings, string folder, CancellationToken cancellationToken)
    {
        var encoded = Path.Combine(folder, EncodePlan.FileName(settings.Id));
        var path = Path.Combine(folder, $"{settings.Id}.cmaf");
        try
        {
            Rendition rendition;
            await using (var source = new FileStream(encoded, FileMode.Open, FileAccess.Read, FileShare.Read, Buffer, useAsync: true))
            await using (var destination = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, Buffer, useAsync: true))
                rendition = await CmafPackager.PackageAsync(source, destination, settings, cancellationToken);
            File.Delete(encoded);
            return new(rendition, path);
        }
        catch (MediaFormatException exception)
        {
            throw new RejectedException(RejectionReason.EncodeFailed, $"{settings.Id}: {exception.Message}", exception);
        }
    }
}
