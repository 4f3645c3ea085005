using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Catalogue;
using Movento.ControlPlane.Catalogue.Details;
using Movento.ControlPlane.Delivery;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.Recommendations.Experiments;
using Movento.ControlPlane.Recommendations.Models;
using Movento.ControlPlane.Recommendations.Views;

namespace Movento.ControlPlane.Recommendations.Home;

/// <summary><c>GET /api/recommendations/home?language=…&amp;maxAge=…</c>: the rows of a viewer's home page. No film stands in two of them, none was watched, and none is above the age that the
/// profile that watches is open to, whatever <c>maxAge</c> says.</summary>
internal static class GetHome
{
    /// <summary>Films of a row.</summary>
    public const int RowLength = 20;

    /// <summary>In the row for a viewer every so many places are for films that nobody could have watched enough yet.</summary>
    private const int ColdStartEvery = 5;

    private const int Reasons = 2;

    // Some of them this viewer may not see, or not at their age.
    public const int Candidates = 3 * RowLength;

    /// <param name="Rows">None where there is nothing to show in it.</param>
    /// <param name="Variant">Of the experiment: <c>model</c> or <c>control</c>.</param>
    public sealed record Response(IReadOnlyList<HomeRow> Rows, [property: Words(typeof(Variant))] string Variant);

    /// <param name="Kind"><c>for_you</c>, <c>because</c>, <c>trending</c> or <c>new</c>.</param>
    /// <param name="Because">The film that was watched, of a row of that kind.</param>
    /// <param name="Films">At most 20.</param>
    public sealed record HomeRow([property: Words(typeof(RowKind))] string Kind, Movie? Because, IReadOnlyList<Movie> Films);

    public static void Map(RouteGroupBuilder recommendations) => recommendations.MapGet("/home", HandleAsync).RequireAuthorization(Access.SignedInPolicy)
        .Describe("getHome", "The rows of one's home page", "No film stands in two of them, none was watched, none may not be seen.")
        .Answers<Response>().IsWhole(RowLength).RefusesFields().ReadsLanguage()
        .ReadsNumber("maxAge", "Only films whose age rating is known and at most that, in years.", 0, DetailsRules.MaxAge);

    private static async Task<IResult> HandleAsync(
        string? language,
        string? maxAge,
        ClaimsPrincipal user,
        Viewer viewer,
        ViewingRecords records,
        CurrentModel current,
        CatalogueImage catalogue,
        PublishedMovies movies,
        ShownRecords shown,
        EdgeUrls edge,
        ControlPlaneOptions options,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (!user.TryGetUserId(out var account)) return Problem.Unauthenticated;
        var viewerId = user.ProfileOrNull() ?? account;
        var errors = new FieldErrors();
        if (language is not null && !LanguageTag.IsOne(language)) errors.Note("language", LanguageTag.Sentence);
        int? age = null;
        if (maxAge is not null)
        {
            if (int.TryParse(maxAge, NumberStyles.None, CultureInfo.InvariantCulture, out var years) && years <= DetailsRules.MaxAge) age = years;
            else errors.Note("maxAge", $"Years, 0 to {DetailsRules.MaxAge}.");
        }

        if (errors.Problem is { } wrong) return wrong;

        // :: Step 1: who asks, and what there is to choose from
        var history = await records.HistoryOfAsync(viewerId, RecommendationModel.MaxHistory, cancellationToken);
        var variant = Variant.Of(viewerId, options.Recommendations);
        var model = variant == Variant.Model ? current.Value : null;
        var image = catalogue.Current;
        var seen = history.ToHashSet();

        // :: Step 2: the candidates of each row, the best first
        List<(string Kind, Guid? Because, IReadOnlyList<Guid> Films)> wished =
        [
            (RowKind.ForYou, null, ForViewer(history, seen, model?.Model, image)),
            .. history.Reverse().Take(Reasons).Select(film => (RowKind.Because, (Guid?)film, FilmsLike.Find([film], seen, model?.Model, image.Likeness, Candidates))),
            (RowKind.Trending, null, image.Trending),
            (RowKind.New, null, [.. image.Likeness.NewestFirst.Take(Candidates + history.Length)]),
        ];

        // :: Step 3: those that this viewer may see, each once
        var found = await movies.FindManyAsync([.. wished.SelectMany(row => row.Films.Append(row.Because ?? Guid.Empty)).Distinct()], viewer, language, cancellationToken);
        var used = new HashSet<Guid>(seen);
        var rows = new List<HomeRow>();
        foreach (var (kind, because, films) in wished)
        {
            MovieRow? reason = null;
            if (because is { } watched && !found.TryGetValue(watched, out reason)) continue;
            var chosen = films.Where(film => found.TryGetValue(film, out var movie) && IsFor(movie, age) && used.Add(film)).Take(RowLength).ToArray();
            if (chosen.Length == 0) continue;
            rows.Add(new HomeRow(kind, reason?.ToMovie(edge), [.. chosen.Select(film => found[film].ToMovie(edge))]));
            shown.Add(new ShownRow(Guid.CreateVersion7(time.GetUtcNow()), account, viewerId, time.GetUtcNow(), kind, variant, model?.Id, chosen));
        }

        return TypedResults.Json(new Response(rows, variant), ControlPlaneJson.Default.GetHomeResponse);
    }

    // What the model says, and between it what is like what was watched and too new for any model.
    private static List<Guid> ForViewer(IReadOnlyList<Guid> history, HashSet<Guid> seen, RecommendationModel? model, CatalogueImage.Image image)
    {
        var likely = FilmsLike.Find(history, seen, model, image.Likeness, Candidates);
        if (model is null) return [.. likely];
        var cold = image.Likeness.Find(history, FilmsLike.TasteDecay, film => model.PlaceOf(film) is null && !seen.Contains(film), Candidates / ColdStartEvery);
        var films = new List<Guid>(likely.Count + cold.Count);
        var (next, nextCold) = (0, 0);
        while (next < likely.Count || nextCold < cold.Count)
        {
            var isColdsTurn = films.Count % ColdStartEvery == ColdStartEvery - 1;
            if (nextCold < cold.Count && (isColdsTurn || next == likely.Count)) films.Add(cold[nextCold++]);
            else if (next < likely.Count) films.Add(likely[next++]);
        }

        return films;
    }

    // A film of which nobody said for whom it is is not for those who may not see everything. Episodes stand below their series.
    private static bool IsFor(MovieRow movie, int? age) => movie.SeriesId is null && (age is null || movie.MinimumAge <= age);
}
