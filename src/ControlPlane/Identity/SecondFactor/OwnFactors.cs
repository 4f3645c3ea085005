using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.Identity.Passwords;

namespace Movento.ControlPlane.Identity.SecondFactor;

/// <summary>Asks somebody who is signed in for every factor of their account once more: the password, and a code where a second factor is on.</summary>
internal sealed class OwnFactors(OwnPassword own, SecondFactors factors) : IEndpointParameterMetadataProvider
{
    /// <summary>Whatever endpoint asks for them counts attempts, and may find the code wrong.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        AttemptLimits.PopulateMetadata(parameter, builder);
        builder.Metadata.Add(LoginSecondFactor.InvalidCode.Described);
    }

    /// <summary>Null when all are right; else the 429, <paramref name="wrongPassword"/> or what is wrong with the code.</summary>
    public async Task<Problem?> WrongWithAsync(
        HttpContext context, UserRow user, string password, string? code, Problem wrongPassword, CancellationToken cancellationToken)
    {
        if (await own.WrongWithAsync(context, user, password, wrongPassword, cancellationToken) is { } wrong) return wrong;
        return await factors.IsOnAsync(user.Id, cancellationToken)
            ? await factors.WrongWithAsync(user.Id, code, LoginSecondFactor.InvalidCode, cancellationToken)
            : null;
    }
}
