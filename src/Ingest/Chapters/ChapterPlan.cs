using System.Collections.Immutable;
using Movento.Packager.Presentations;

namespace Movento.Ingest.Chapters;

/// <summary>A chapter as a container has it, in the film's time.</summary>
/// <param name="Start">Of film time; may be negative.</param>
/// <param name="End">Of film time.</param>
/// <param name="Title">Or null.</param>
internal sealed record ChapterFacts(TimeSpan Start, TimeSpan End, string? Title);

/// <summary>Which chapters a film is published with. Pure.</summary>
internal static class ChapterPlan
{
    // A menu of a thousand lines is none.
    private const int MaxCount = 500;

    /// <summary>
    /// In order, within the film, each to its end or to the next one's start. One chapter without a title that is all of the film says nothing and is left out.
    /// </summary>
    public static IReadOnlyList<Chapter> For(ImmutableArray<ChapterFacts> chapters, TimeSpan duration)
    {
        var last = Whole(duration);
        var inside = chapters.Where(chapter => chapter.Start < duration && (chapter.Start >= TimeSpan.Zero || chapter.End > TimeSpan.Zero))
            .Select(chapter => chapter with { Start = Whole(chapter.Start < TimeSpan.Zero ? TimeSpan.Zero : chapter.Start) })
            .OrderBy(chapter => chapter.Start).DistinctBy(chapter => chapter.Start).Take(MaxCount).ToList();
        var planned = new List<Chapter>(inside.Count);
        for (var i = 0; i < inside.Count; i++)
        {
            var next = i + 1 < inside.Count ? inside[i + 1].Start : last;
            var end = Whole(inside[i].End);
            // Some muxers leave a chapter's end out, or give all the film's.
            if (end <= inside[i].Start || end > next) end = next;
            if (end > inside[i].Start) planned.Add(new Chapter(inside[i].Start, end, inside[i].Title));
        }
        return planned is [{ Title: null }] ? [] : planned;
    }

    private static TimeSpan Whole(TimeSpan time) => TimeSpan.FromMilliseconds(Math.Floor(time.TotalMilliseconds));
}
