using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Billing;

/// <summary><c>GET /api/payments/invoices?after=…&amp;limit=…</c>: what its owner was asked to pay, newest first, a page at a time; as the provider has it.</summary>
internal static class ListInvoices
{
    private const int DefaultLimit = 20;

    private const int MaxLimit = 100;

    /// <param name="Items">Newest first.</param>
    /// <param name="Next">What to send as <c>after</c> for the next page; null when this was the last.</param>
    public sealed record Response(IReadOnlyList<InvoiceItem> Items, string? Next);

    /// <param name="Number">What stands on it; null of one that is not final.</param>
    /// <param name="Status"><c>draft</c>, <c>open</c>, <c>paid</c>, <c>uncollectible</c> or <c>void</c>.</param>
    /// <param name="Total">In the currency's smallest unit, as the other two.</param>
    /// <param name="PageUrl">The provider's page of it, where it is paid while it is open.</param>
    public sealed record InvoiceItem(
        string Id, string? Number, string Status, string Currency, long Total, long AmountPaid, long AmountDue, DateTime CreatedAt, string? PageUrl, string? PdfUrl);

    public static void Map(RouteGroupBuilder payments) => payments.MapGet("/invoices", HandleAsync).RequireAuthorization(Access.SignedInPolicy)
        .Describe("listInvoices", "What one was asked to pay", "The newest first, as the payment provider has it.")
        .Answers<Response>().Pages(DefaultLimit, MaxLimit).RefusesFields();

    private static async Task<IResult> HandleAsync(
        string? after, string? limit, ClaimsPrincipal principal, Customers customers, IPayments payments, CancellationToken cancellationToken)
    {
        if (!principal.TryGetUserId(out var user)) return Problem.Unauthenticated;
        var errors = new FieldErrors();
        var most = DefaultLimit;
        // The provider's own ids: 'in_' and letters and digits.
        if (after is not null && !(after.Length is > 3 and <= 255 && after.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_')))
            errors.Note("after", "The 'next' of an earlier page.");
        if (limit is not null && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out most) || most is < 1 or > MaxLimit))
            errors.Note("limit", $"A number from 1 to {MaxLimit}.");
        if (errors.Problem is { } wrong) return wrong;

        if (await customers.FindAsync(user, cancellationToken) is not { } customer) return Answer(new Response([], null));
        InvoicePage page;
        try
        {
            page = await payments.ListInvoicesAsync(customer, after, most, cancellationToken);
        }
        catch (PaymentsException e) when (e.Failure == PaymentsFailure.Missing && after is not null)
        {
            return FieldErrors.One("after", "The 'next' of an earlier page.");
        }

        return Answer(new Response(
            [.. page.Items.Select(one => new InvoiceItem(
                one.Id, one.Number, one.Status, one.Currency, one.Total, one.AmountPaid, one.AmountDue, one.CreatedAt.UtcDateTime, one.PageUrl, one.PdfUrl))],
            page.HasMore && page.Items.Count > 0 ? page.Items[^1].Id : null));

        static IResult Answer(Response response) => TypedResults.Json(response, ControlPlaneJson.Default.ListInvoicesResponse);
    }
}
