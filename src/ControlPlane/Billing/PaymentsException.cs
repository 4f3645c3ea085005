namespace Movento.ControlPlane.Billing;

/// <summary>The payment provider did not do what it was asked for. The message holds no key and nothing personal.</summary>
/// <param name="failure">What kind of refusal it is.</param>
/// <param name="code">The provider's own word for it; <c>none</c> where it said nothing.</param>
/// <param name="requestId">By which the provider finds the call; null where no answer came.</param>
/// <param name="inner">What happened below.</param>
internal sealed class PaymentsException(PaymentsFailure failure, string code, string? requestId, Exception? inner = null)
    : Exception($"The payment provider: {failure} ({code}, request {requestId ?? "unanswered"}).", inner)
{
    public PaymentsFailure Failure => failure;

    public string Code => code;
}

/// <summary>Kinds of refusal of the payment provider.</summary>
internal enum PaymentsFailure
{
    /// <summary>It cannot be reached, is busy, or is at fault itself: the same again, later, may succeed.</summary>
    Unavailable,

    /// <summary>There is no such object.</summary>
    Missing,

    /// <summary>The buyer's means of payment was declined.</summary>
    Declined,

    /// <summary>The key is none, or may not do it.</summary>
    Unauthorized,

    /// <summary>What was asked cannot be done.</summary>
    Refused,
}
