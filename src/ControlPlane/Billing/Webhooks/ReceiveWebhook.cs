using System.Buffers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Billing.Stripe;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Billing.Webhooks;

/// <summary>
/// <c>POST /api/payments/webhook</c>: the payment provider says that something happened. 200 means that it is written down with what follows from it, and
/// is never needed again; anything else has the provider try again, for three days.
/// </summary>
internal sealed partial class ReceiveWebhook
{
    /// <summary>The longest event, in bytes.</summary>
    public const int MaxBodyBytes = 512 << 10;

    private static readonly Problem Unsigned =
        new(StatusCodes.Status400BadRequest, "invalid_signature", "The signature of this event cannot be trusted.");

    private static readonly Problem TooLarge = new(StatusCodes.Status413PayloadTooLarge, "too_large", "The event is too large.");

    private static readonly Problem Incomplete = new(StatusCodes.Status400BadRequest, "incomplete", "The body ended early or was framed wrongly.");

    private static readonly Problem Unreadable = new(StatusCodes.Status400BadRequest, "malformed_json", "The body is not an event.");

    public static void Map(RouteGroupBuilder payments) => payments.MapPost("/webhook", HandleAsync).AllowAnonymous()
        .WithMetadata(new CountedAs(RequestKind.Webhooks), new RequestSizeLimitAttribute(MaxBodyBytes))
        .Describe("receivePaymentWebhook", "The payment provider says that something happened", "Signed by Stripe over the bytes of the body; anything but 200 has it try again.")
        .TakesBytes("Stripe's event, at most 512 KiB.", "application/json")
        .ReadsHeader("Stripe-Signature", "When it was signed, and the signatures of the body.", isRequired: true)
        .AnswersNothing("It is written down with what follows from it.", StatusCodes.Status200OK)
        .Refuses(Unsigned, TooLarge, Unreadable, Incomplete);

    private static async Task<IResult> HandleAsync(
        HttpContext context, BillingOptions options, PurchaseRecords records, TimeProvider time, ILogger<ReceiveWebhook> logger, CancellationToken cancellationToken)
    {
        // The signature is over the bytes as they came.
        byte[] body;
        try
        {
            body = await ReadAsync(context.Request, cancellationToken);
        }
        catch (BadHttpRequestException e)
        {
            return e.StatusCode == StatusCodes.Status413PayloadTooLarge ? TooLarge : Incomplete with { Status = e.StatusCode };
        }

        var signature = WebhookSignature.Check(context.Request.Headers["Stripe-Signature"], body, options.WebhookSecrets, time.GetUtcNow());
        if (signature != WebhookSignatureOutcome.Valid)
        {
            Log.Refused(logger, signature);
            return Unsigned;
        }

        if (StripeEvents.Read(body) is not { } happened) return Unreadable;
        if (!StripeEvents.Matters(happened.Type)) return TypedResults.Ok();
        var outcome = await records.ApplyAsync(happened, cancellationToken);
        Log.Received(logger, happened.Type, happened.Id, outcome);
        return TypedResults.Ok();
    }

    private static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3060, LogLevel.Warning, "A webhook was refused: its signature is {Outcome}")]
        public static partial void Refused(ILogger logger, WebhookSignatureOutcome outcome);

        [LoggerMessage(3061, LogLevel.Information, "{Type} {EventId}: {Outcome}")]
        public static partial void Received(ILogger logger, string type, string eventId, EventOutcome outcome);
    }
}
