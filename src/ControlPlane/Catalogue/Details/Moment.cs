using System.Globalization;

namespace Movento.ControlPlane.Catalogue.Details;

/// <summary>Moments as RFC 3339 writes them: with a date, a time and an offset, so that none is read in the server's own zone.</summary>
internal static class Moment
{
    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>Reads one, to the microsecond, which is what PostgreSQL keeps.</summary>
    public static bool TryParse(string? text, out DateTime moment)
    {
        moment = default;
        // "K" would also take nothing.
        if (text is null || text.Length < 20 || !(text.EndsWith('Z') || text[^6] is '+' or '-')) return false;
        if (!DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed)) return false;
        moment = new DateTime(parsed.UtcTicks - parsed.UtcTicks % TimeSpan.TicksPerMicrosecond, DateTimeKind.Utc);
        return true;
    }

    public static string Write(DateTime moment) => moment.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);
}
