using Movento.Contracts;
using Movento.Ingest.Chapters;
using Movento.Ingest.Encode;
using Movento.Ingest.Jobs;
using Movento.Ingest.Ladder;
using Movento.Ingest.Publish;
using Movento.Packager.Cmaf;
using Movento.Packager.Presentations;

namespace Movento.Ingest.Growing;

/// <summary>Shows a film while it is encoded: its first rung and its sound.</summary>
internal sealed class FilmGrowth(GrowingPublications publications, IngestOptions options, ContentKeySecret contentKeys)
{
    /// <summary>
    /// Begins, or goes on with what another process began. Films that are encoded as fast as one could begin to watch them are not shown early. While another
    /// version plays, nobody waits for this one.
    /// </summary>
    public async Task<IShownGrowth> BeginAsync(IngestJob job, EncodePlan plan, CancellationToken cancellationToken)
    {
        if (plan.Ahead == 0 || plan.Ladder.First is not { } first || job.PublishedVersion is not null) return new NoGrowth();
        var renditions = new List<CmafSettings> { new() { Id = first.Id, Kind = TrackKind.Video, SegmentDuration = options.SegmentDuration } };
        renditions.AddRange(plan.Audio.Select(output => PackageStep.SettingsOf(output, options)));
        List<RenditionKeys?> keys = [.. renditions.Select(settings => RenditionKeys.For(job.Asset, settings.Id, plan.Protection, contentKeys))];
        var publication = await publications.BeginAsync(
            job, new GrowingPlan(
                [.. renditions.Zip(keys, (settings, own) => settings with { Encryption = own?.Settings })],
                plan.Facts.Duration > TimeSpan.Zero ? plan.Facts.Duration : null, ChapterPlan.For(plan.Facts.Chapters, plan.Facts.Duration)), cancellationToken);
        return new Shown(publication, keys);
    }

    private sealed class Shown(GrowingPublication publication, IReadOnlyList<RenditionKeys?> keys) : IShownGrowth
    {
        public async Task PicturesAsync(Rung rung, Chunk chunk, string path, CancellationToken cancellationToken)
        {
            if (!publication.IsGrowing || chunk.End is { } end && end <= publication.ResumeAt(rung.Id)) return;
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            await publication.AppendChunkAsync(rung.Id, file, chunk.Start, isLast: chunk.End is null, cancellationToken);
        }

        public async Task SoundAsync(AudioOutput output, string path, bool isWhole, CancellationToken cancellationToken)
        {
            if (!publication.IsGrowing || !File.Exists(path)) return;
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            await publication.AppendSoundAsync(output.Id, file, isWhole, cancellationToken);
        }

        public long? CompositionDelayOf(string rendition) => publication.CompositionDelayOf(rendition);

        public async ValueTask DisposeAsync()
        {
            await publication.DisposeAsync();
            foreach (var own in keys) own?.Dispose();
        }
    }
}

/// <summary>A film that may be watched while it grows; see <see cref="NoGrowth"/> for one that is not.</summary>
internal interface IShownGrowth : IFilmGrowth, IAsyncDisposable
{
    /// <summary>See <see cref="CmafSettings.CompositionDelay"/>: what the rendition was shown with.</summary>
    long? CompositionDelayOf(string rendition);
}

/// <summary>Nobody sees the film before it is done.</summary>
internal sealed class NoGrowth : IShownGrowth
{
    public Task PicturesAsync(Rung rung, Chunk chunk, string path, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task SoundAsync(AudioOutput output, string path, bool isWhole, CancellationToken cancellationToken) => Task.CompletedTask;

    public long? CompositionDelayOf(string rendition) => null;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
