using System.Text.Json;
using System.Text.RegularExpressions;
using Movento.Contracts;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Catalogue.Details;

/// <summary>What may be said of films and series. Everything that is wrong is named by its field, in one answer.</summary>
internal static partial class DetailsRules
{
    /// <summary>In UTF-16 units, as all lengths here.</summary>
    public const int MaxTitleLength = 300;

    public const int MaxDescriptionLength = 5000;
    public const int MaxLanguages = 50;
    public const int MaxGenres = 20;
    public const int MaxGenreLength = 40;
    public const int MaxPeople = 200;
    public const int MaxNameLength = 200;
    public const int MaxArtwork = 50;
    public const int MaxUrlLength = 2000;
    public const int MaxPixels = 20_000;
    public const int MaxWindows = 100;
    public const int MaxAge = 21;
    public const int MaxLabelLength = 20;
    public const int MaxSeasons = 200;

    /// <summary>The highest number of a season or an episode.</summary>
    public const int MaxNumber = 9999;

    // The first moving pictures that are kept, and far enough ahead for what is announced.
    public const int FirstYear = 1870;
    public const int LastYear = 2200;

    private const int Countries = 26 * 26;

    /// <summary>What stands in the database where all of it may be said; what may not is noted.</summary>
    /// <param name="details">As an editor says it.</param>
    /// <param name="before">What stands there; null where nothing does.</param>
    /// <param name="now">The moment.</param>
    /// <param name="errors">What is wrong, by field.</param>
    public static SaidDetails Read(TitleDetails details, DetailsRow? before, DateTime now, FieldErrors errors)
    {
        var (isDraft, publishAt) = Publication(details, before, now, errors);
        return new SaidDetails
        {
            Title = Title("title", details.Title, errors),
            Titles = Titles(details.Titles, errors),
            Description = Text("description", details.Description, MaxDescriptionLength, errors),
            ReleaseYear = Number("releaseYear", details.ReleaseYear, FirstYear, LastYear, errors),
            AgeRating = Label(details.AgeRating, errors),
            MinimumAge = details.AgeRating is { } rating ? Required("ageRating.minimumAge", rating.MinimumAge, 0, MaxAge, errors) : null,
            Genres = Genres(details.Genres, errors),
            People = People(details.People, errors),
            Artwork = Pictures(details.Artwork, errors),
            Windows = Windows(details.Windows, errors),
            IsDraft = isDraft,
            PublishAt = publishAt,
        };
    }

    /// <summary>What is said of seasons, as the database keeps it.</summary>
    public static string Seasons(IReadOnlyList<SeasonDetails?>? seasons, FieldErrors errors)
    {
        var said = new List<SeasonDetails>();
        if (seasons?.Count > MaxSeasons) errors.Note("seasons", $"At most {MaxSeasons}.");
        foreach (var (season, at) in Bounded(seasons, MaxSeasons))
        {
            var field = $"seasons[{at}]";
            var number = Required(field + ".number", season?.Number, 0, MaxNumber, errors);
            if (said.Any(other => other.Number == number)) errors.Note(field + ".number", "Each season once.");
            said.Add(new SeasonDetails(
                number, Title(field + ".title", season?.Title, errors), Text(field + ".description", season?.Description, MaxDescriptionLength, errors)));
        }

        return JsonSerializer.Serialize([.. said.OrderBy(season => season.Number)], ControlPlaneJson.Default.IReadOnlyListSeasonDetails);
    }

    /// <summary>The place of an episode; null where it is none, or cannot be.</summary>
    public static (Guid Series, short Season, short Number)? Episode(EpisodePlace? place, FieldErrors errors)
    {
        if (place is null) return null;
        if (!AssetId.TryParse(place.SeriesId, out var series)) errors.Note("episode.seriesId", "The id of a series: 32 lower-case hexadecimal digits.");
        var season = Required("episode.season", place.Season, 0, MaxNumber, errors);
        var number = Required("episode.number", place.Number, 0, MaxNumber, errors);
        return (series.Value, season, number);
    }

    private static (bool IsDraft, DateTime? PublishAt) Publication(TitleDetails details, DetailsRow? before, DateTime now, FieldErrors errors)
    {
        DateTime? at = null;
        if (details.PublishAt is not null)
        {
            if (Moment.TryParse(details.PublishAt, out var parsed)) at = parsed;
            else errors.Note("publishAt", "A moment with its offset (RFC 3339): 2026-12-24T18:00:00Z.");
        }

        switch (details.Status)
        {
            case PublicationStatus.Draft:
                return (true, null);
            case PublicationStatus.Scheduled:
                if (at is null && details.PublishAt is null) errors.Note("publishAt", "When it is to be published.");
                else if (at <= now) errors.Note("publishAt", "A moment to come; what is to be published at once is 'published'.");
                return (false, at);
            case null or PublicationStatus.Published:
                if (at > now) errors.Note("publishAt", "A moment that has come; what is to be published later is 'scheduled'.");
                // What was hidden appears now, and stands among the newest.
                return (false, at ?? (before is not null && before.StatusAt(now) != PublicationStatus.Published ? now : null));
            default:
                errors.Note("status", $"One of {PublicationStatus.Draft}, {PublicationStatus.Scheduled} and {PublicationStatus.Published}.");
                return default;
        }
    }

    private static string? Title(string field, string? text, FieldErrors errors)
    {
        if (text is null) return null;
        var title = text.Trim();
        if (title.Length is 0 or > MaxTitleLength || title.Any(char.IsControl))
            errors.Note(field, $"A title of 1 to {MaxTitleLength} characters, without line breaks.");
        return title;
    }

    private static string Titles(IReadOnlyDictionary<string, string?>? titles, FieldErrors errors)
    {
        if (titles is null) return "{}";
        if (titles.Count > MaxLanguages) errors.Note("titles", $"At most {MaxLanguages} languages.");
        var said = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (language, text) in titles.Take(MaxLanguages))
        {
            // Not the language itself as the field's name: it may be as long as the body.
            if (!LanguageTag.IsOne(language)) errors.Note("titles", LanguageTag.Sentence);
            else if (text is null) errors.Note($"titles.{language}", "A title.");
            else said[language] = Title($"titles.{language}", text, errors);
        }

        return JsonSerializer.Serialize(said, ControlPlaneJson.Default.IReadOnlyDictionaryStringString);
    }

    private static string? Text(string field, string? text, int longest, FieldErrors errors)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        var trimmed = text.Trim().ReplaceLineEndings("\n");
        if (trimmed.Length > longest || trimmed.Any(c => char.IsControl(c) && c is not ('\n' or '\t')))
            errors.Note(field, $"At most {longest} characters of plain text.");
        return trimmed;
    }

    private static string? Label(AgeRating? rating, FieldErrors errors)
    {
        if (rating is null) return null;
        var label = rating.Label?.Trim() ?? "";
        if (label.Length is 0 or > MaxLabelLength || label.Any(char.IsControl))
            errors.Note("ageRating.label", $"As its board writes it, 1 to {MaxLabelLength} characters.");
        return label;
    }

    private static string[] Genres(IReadOnlyList<string?>? genres, FieldErrors errors)
    {
        if (genres is null) return [];
        if (genres.Count > MaxGenres) errors.Note("genres", $"At most {MaxGenres}.");
        foreach (var (genre, at) in Bounded(genres, MaxGenres))
            if (!IsGenre(genre)) errors.Note($"genres[{at}]", $"Lower-case letters, digits and hyphens, 1 to {MaxGenreLength}: science-fiction.");
        return [.. genres.Take(MaxGenres).OfType<string>().Distinct(StringComparer.Ordinal)];
    }

    public static bool IsGenre(string? genre) => genre is { Length: <= MaxGenreLength } && GenrePattern().IsMatch(genre);

    private static string People(IReadOnlyList<Person?>? people, FieldErrors errors)
    {
        if (people?.Count > MaxPeople) errors.Note("people", $"At most {MaxPeople}.");
        var said = new List<Person>();
        foreach (var (person, at) in Bounded(people, MaxPeople))
        {
            var field = $"people[{at}]";
            var name = Name(field + ".name", person?.Name, errors);
            if (name is null) errors.Note(field + ".name", "A name.");
            if (person?.Role is null || !Person.Roles.Contains(person.Role)) errors.Note(field + ".role", $"One of {string.Join(", ", Person.Roles)}.");
            said.Add(new Person(name, person?.Role, Name(field + ".character", person?.Character, errors)));
        }

        return JsonSerializer.Serialize(said, ControlPlaneJson.Default.IReadOnlyListPerson);
    }

    private static string? Name(string field, string? text, FieldErrors errors)
    {
        if (text is null) return null;
        var name = text.Trim();
        if (name.Length is 0 or > MaxNameLength || name.Any(char.IsControl)) errors.Note(field, $"A name of 1 to {MaxNameLength} characters, without line breaks.");
        return name;
    }

    private static string Pictures(IReadOnlyList<Artwork?>? artwork, FieldErrors errors)
    {
        if (artwork?.Count > MaxArtwork) errors.Note("artwork", $"At most {MaxArtwork}.");
        var said = new List<Artwork>();
        foreach (var (picture, at) in Bounded(artwork, MaxArtwork))
        {
            var field = $"artwork[{at}]";
            if (picture?.Kind is null || !Artwork.Kinds.Contains(picture.Kind)) errors.Note(field + ".kind", $"One of {string.Join(", ", Artwork.Kinds)}.");
            if (picture?.Url is null || picture.Url.Length > MaxUrlLength || !Uri.TryCreate(picture.Url, UriKind.Absolute, out var url)
                || url.Scheme != Uri.UriSchemeHttps || url.UserInfo.Length > 0)
                errors.Note(field + ".url", $"An https URL of at most {MaxUrlLength} characters.");
            Required(field + ".width", picture?.Width, 1, MaxPixels, errors);
            Required(field + ".height", picture?.Height, 1, MaxPixels, errors);
            if (picture?.Language is not null && !LanguageTag.IsOne(picture.Language)) errors.Note(field + ".language", LanguageTag.Sentence);
            if (picture is not null) said.Add(picture);
        }

        return JsonSerializer.Serialize(said, ControlPlaneJson.Default.IReadOnlyListArtwork);
    }

    private static string? Windows(IReadOnlyList<AvailabilityWindow?>? windows, FieldErrors errors)
    {
        if (windows is null) return null;
        // None at all would be open to nobody, for which there is 'draft'.
        if (windows.Count is 0 or > MaxWindows) errors.Note("windows", $"1 to {MaxWindows}, or null for everywhere and always.");
        var said = new List<AvailabilityWindow>();
        foreach (var (window, at) in Bounded(windows, MaxWindows))
        {
            var field = $"windows[{at}]";
            if (window is null) errors.Note(field, "A window.");
            else said.Add(new AvailabilityWindow(CountriesOf(field, window, errors), Edge(field + ".from", window.From, errors), Edge(field + ".until", window.Until, errors)));
            if (Moment.TryParse(window?.From, out var from) && Moment.TryParse(window?.Until, out var until) && until <= from)
                errors.Note(field + ".until", "After 'from'.");
        }

        return JsonSerializer.Serialize(said, ControlPlaneJson.Default.IReadOnlyListAvailabilityWindow);
    }

    private static string[]? CountriesOf(string field, AvailabilityWindow window, FieldErrors errors)
    {
        if (window.Countries is null) return null;
        if (window.Countries.Count is 0 or > Countries || window.Countries.Any(country => country?.Length != CountryCode.Length || !CountryCode.TryParse(country, out _)))
            errors.Note(field + ".countries", "Countries of two letters (ISO 3166-1), or null for everywhere.");
        return [.. window.Countries.Take(Countries).OfType<string>().Select(country => country.ToUpperInvariant()).Distinct(StringComparer.Ordinal)];
    }

    private static string? Edge(string field, string? text, FieldErrors errors)
    {
        if (text is null) return null;
        if (Moment.TryParse(text, out var moment)) return Moment.Write(moment);
        errors.Note(field, "A moment with its offset (RFC 3339): 2026-12-24T18:00:00Z.");
        return null;
    }

    private static short? Number(string field, int? number, int least, int most, FieldErrors errors) =>
        number is null ? null : Required(field, number, least, most, errors);

    private static short Required(string field, int? number, int least, int most, FieldErrors errors)
    {
        if (number >= least && number <= most) return (short)number;
        errors.Note(field, $"A number from {least} to {most}.");
        return 0;
    }

    private static IEnumerable<(T Item, int At)> Bounded<T>(IReadOnlyList<T>? items, int most) => (items ?? []).Take(most).Select((item, at) => (item, at));

    [GeneratedRegex(@"\A[\p{Ll}\p{Lo}\p{Nd}]+(-[\p{Ll}\p{Lo}\p{Nd}]+)*\z", RegexOptions.NonBacktracking)]
    private static partial Regex GenrePattern();
}
