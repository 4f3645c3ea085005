using System.Text.Json.Serialization;
using Movento.Contracts;
using Movento.ControlPlane.Catalogue;

namespace Movento.ControlPlane.Viewing;

/// <summary>A film in somebody's history.</summary>
/// <param name="AssetId">32 lower-case hexadecimal digits.</param>
/// <param name="Position">Where to go on, in seconds; 0 where it was seen to its end.</param>
/// <param name="Duration">Of the film, in seconds.</param>
/// <param name="IsCompleted">Whether it was seen to its end last time.</param>
/// <param name="WatchedAt">Last, in UTC.</param>
/// <param name="FirstWatchedAt">In UTC.</param>
/// <param name="CompletedAt">When it was seen to its end last, in UTC; null for never.</param>
/// <param name="Movie">As the catalogue has it; null where it cannot be watched here and now.</param>
/// <param name="ProfileId">Where the films of several are together: who watched it, 32 lower-case hexadecimal digits. Else left out, as for nobody in particular.</param>
internal sealed record ViewedFilm(
    string AssetId, double Position, double Duration, bool IsCompleted, DateTime WatchedAt, DateTime FirstWatchedAt, DateTime? CompletedAt, Movie? Movie,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ProfileId = null)
{
    public static ViewedFilm Of(WatchedRow row, Movie? movie)
    {
        var isCompleted = Watched.IsEnd(row.Position, row.Duration);
        return new ViewedFilm(
            new AssetId(row.AssetId).ToString(), isCompleted ? 0 : Math.Round(row.Position, 3), Math.Round(row.Duration, 3), isCompleted, row.WatchedAt,
            row.FirstWatchedAt, row.CompletedAt, movie);
    }
}
