using System.Globalization;

namespace Movento.ControlPlane.Http;

/// <summary>What may be asked of a list that is given out a page at a time, as <c>after</c> and <c>limit</c>.</summary>
/// <param name="DefaultLimit">Rows of a page where nothing is said.</param>
/// <param name="MaxLimit">Rows of a page at most.</param>
/// <param name="LeastOrder">The least <see cref="PageCursor.Order"/> that a row has.</param>
/// <param name="MostOrder">The greatest one.</param>
internal sealed record PageRules(int DefaultLimit, int MaxLimit, long LeastOrder, long MostOrder)
{
    /// <summary>Reads what was asked; what is wrong with it is noted in <paramref name="errors"/>.</summary>
    public (PageCursor? After, int Limit) Read(string? after, string? limit, FieldErrors errors)
    {
        PageCursor? cursor = null;
        var most = DefaultLimit;
        if (after is not null)
        {
            if (PageCursor.TryParse(after, out var parsed) && parsed.Order >= LeastOrder && parsed.Order <= MostOrder) cursor = parsed;
            else errors.Note("after", "The 'next' of an earlier page.");
        }

        if (limit is not null && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out most) || most < 1 || most > MaxLimit))
            errors.Note("limit", $"A number from 1 to {MaxLimit}.");
        return (cursor, most);
    }
}
