using Movento.Ingest.Encode;
using Movento.Ingest.Pictures;
using Movento.Ingest.Subtitles;
using Movento.Packager.Tracks;

namespace Movento.Ingest.Publish;

/// <summary>What goes with a film and needs no more of it than its source and its first rung.</summary>
/// <param name="Poster">Where the poster is; null for none, and where another rung has to make it.</param>
/// <param name="Pictures">How the still pictures and thumbnails were made; null for none.</param>
/// <param name="Subtitles">The tracks whose text was taken out of the source.</param>
/// <param name="Sound">The sound that was taken out of the source as it is.</param>
/// <param name="Notes">What of them was left out.</param>
internal sealed record Accompaniment(
    string? Poster, PicturePlan? Pictures, IReadOnlyList<SubtitleOutput> Subtitles, IReadOnlyList<AudioOutput> Sound, IReadOnlyList<SourceNote> Notes);

/// <summary>Makes what goes with a film while its other rungs are still encoded: the first rung is whole before they are.</summary>
internal sealed class AccompanimentStep(PackageStep packaging, Poster posters, PictureStep pictures, SubtitleStep subtitles, SoundPassThroughStep passing)
{
    // In the job's folder: the first rung in the clear.
    private const string FirstRung = "first.mp4";

    /// <summary>Joins the first rung, of which nothing is needed any more once this has returned; the rest is made by the task that it returns.</summary>
    /// <param name="plan">Of the film.</param>
    /// <param name="chunks">Of the first rung, all that have pictures, in order; none without pictures.</param>
    /// <param name="folder">The source is in it; what is made goes there.</param>
    /// <param name="cancellationToken">Kills what runs.</param>
    public async Task<Task<Accompaniment>> BeginAsync(
        EncodePlan plan, IReadOnlyList<TrackChunk> chunks, string folder, CancellationToken cancellationToken)
    {
        if (plan.Ladder.First is { } first && chunks.Count > 0)
            await packaging.JoinAsync(first, chunks, Path.Combine(folder, FirstRung), cancellationToken);
        return MakeAsync(plan, chunks.Count > 0, folder, cancellationToken);
    }

    private async Task<Accompaniment> MakeAsync(EncodePlan plan, bool hasPictures, string folder, CancellationToken cancellationToken)
    {
        List<SourceNote> notes = [];
        var poster = hasPictures && Poster.RungOf(plan.Ladder) == plan.Ladder.First
            ? posters.MakeAsync(plan, FirstRung, folder, cancellationToken) : Task.FromResult<string?>(null);
        var picturing = hasPictures ? pictures.MakeAsync(plan, FirstRung, folder, cancellationToken) : Task.FromResult<PicturePlan?>(null);
        var extracting = subtitles.ExtractAsync(plan.Facts, folder, notes, cancellationToken);
        var taking = passing.TakeAsync(plan, folder, cancellationToken);
        await Task.WhenAll(poster, picturing, extracting, taking);
        return new Accompaniment(await poster, await picturing, await extracting, await taking, notes);
    }
}
