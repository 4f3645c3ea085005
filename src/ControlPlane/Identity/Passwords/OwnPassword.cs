using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Identity;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.Identity.Sessions;

namespace Movento.ControlPlane.Identity.Passwords;

/// <summary>Asks somebody who is signed in for their password once more. Counted as a sign-in: a session that somebody took over must not become a place to guess at.</summary>
internal sealed class OwnPassword(AttemptLimits limits, PasswordHashing passwords, DeviceCookie devices) : IEndpointParameterMetadataProvider
{
    /// <summary>Whatever endpoint asks for it counts attempts.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => AttemptLimits.PopulateMetadata(parameter, builder);

    /// <summary>Null when it is right; else the 429, or <paramref name="wrong"/>.</summary>
    public async Task<Problem?> WrongWithAsync(HttpContext context, UserRow user, string password, Problem wrong, CancellationToken cancellationToken)
    {
        var (address, device) = (context.Connection.RemoteIpAddress, devices.Read(context, user.Id));
        if (await limits.CountSignInAsync(user.Email, address, device, cancellationToken) is { } tooMany) return tooMany;
        if (await passwords.VerifyAsync(user.PasswordHash, password, cancellationToken) == PasswordVerificationResult.Failed) return wrong;
        await limits.ForgiveSignInAsync(user.Email, address, device, cancellationToken);
        return null;
    }
}
