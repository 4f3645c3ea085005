using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Movento.Contracts;
using Movento.ControlPlane.Billing;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Playback;

/// <summary>May this user play this film? What billing says, in the words of an answer. Editors play everything, for it is theirs to look at.</summary>
internal sealed class PlaybackRight(Entitlements entitlements)
{
    public async Task<Entitlement> OfAsync(ClaimsPrincipal user, AssetId asset, CancellationToken cancellationToken)
    {
        if (!entitlements.IsOn || user.IsInRole(Access.EditorRole)) return Entitlement.Everything;
        return user.TryGetUserId(out var id) ? await entitlements.OfAsync(id, asset, cancellationToken) : NobodyAtAll;
    }

    /// <summary>The answer to whoever may not; null where they may.</summary>
    public static Problem? RefusalOf(Entitlement entitlement) => entitlement.Outcome switch
    {
        EntitlementOutcome.Entitled => null,
        EntitlementOutcome.NoPlan => Refused("plan_required", "This film needs a plan.", entitlement),
        EntitlementOutcome.PlanEnded => Refused("plan_ended", "Your plan is over.", entitlement),
        EntitlementOutcome.PaymentOverdue => new Problem(StatusCodes.Status403Forbidden, "payment_overdue", "Your plan could not be charged.")
        {
            Hint = "POST /api/payments/portal leads to the page where it is paid.",
        },
        EntitlementOutcome.NotRented => Refused("rental_required", "This film is for rent.", entitlement),
        EntitlementOutcome.RentalEnded => Refused("rental_ended", "The time for which you rented this film is over.", entitlement),
        _ => throw new ArgumentOutOfRangeException(nameof(entitlement)),
    };

    /// <summary>All of the answers to whoever may not.</summary>
    public static Problem[] Refusals { get; } =
        [.. Enum.GetValues<EntitlementOutcome>().Select(outcome => RefusalOf(new Entitlement(outcome, DateTimeOffset.MinValue, 0, 0))).OfType<Problem>()];

    private static Entitlement NobodyAtAll { get; } = new(EntitlementOutcome.NoPlan, DateTimeOffset.MinValue, 1, 0);

    private static Problem Refused(string code, string title, Entitlement entitlement) => new(StatusCodes.Status403Forbidden, code, title)
    {
        Hint = entitlement.RentalCode is null
            ? "GET /api/payments/plans has the plans, POST /api/payments/checkout sells them."
            : "GET /api/payments/films/{assetId} says at which price, POST /api/payments/checkout rents it out.",
    };
}
