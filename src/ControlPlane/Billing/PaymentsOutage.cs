using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Billing;

/// <summary>Answers by name where the payment provider did not do what it was asked for, and where billing is off.</summary>
internal sealed partial class PaymentsOutage
{
    private static readonly Problem Unavailable =
        new(StatusCodes.Status503ServiceUnavailable, "payments_unavailable", "The payment provider cannot answer at this moment. Try again in a few seconds.")
        {
            RetryAfter = TimeSpan.FromSeconds(5),
        };

    private static readonly Problem Declined =
        new(StatusCodes.Status402PaymentRequired, "payment_declined", "The payment was declined. Nothing has changed.")
        {
            Hint = "Another means of payment can be chosen in the portal: POST /api/payments/portal.",
        };

    private static readonly Problem Refused =
        new(StatusCodes.Status502BadGateway, "payments_refused", "The payment provider would not do it.");

    private static readonly Problem Off = new(StatusCodes.Status404NotFound, "billing_off", "Nothing is sold here: every film plays.");

    public static RouteGroupBuilder Answers(RouteGroupBuilder group) => group.Refuses(Off, Unavailable, Declined, Refused).AddEndpointFilter(async (invocation, next) =>
    {
        var services = invocation.HttpContext.RequestServices;
        if (!services.GetRequiredService<BillingOptions>().IsOn) return Off;
        try
        {
            return await next(invocation);
        }
        catch (PaymentsException e)
        {
            var logger = services.GetRequiredService<ILogger<PaymentsOutage>>();
            switch (e.Failure)
            {
                case PaymentsFailure.Unavailable:
                    Log.Unavailable(logger, e);
                    return Unavailable;
                case PaymentsFailure.Declined:
                    return Declined;
                default:
                    Log.Refused(logger, e);
                    return Refused;
            }
        }
    });

    private static partial class Log
    {
        [LoggerMessage(3062, LogLevel.Warning, "A request was answered with 503: the payment provider is out of reach")]
        public static partial void Unavailable(ILogger logger, Exception exception);

        [LoggerMessage(3063, LogLevel.Error, "The payment provider refused what was asked")]
        public static partial void Refused(ILogger logger, Exception exception);
    }
}
