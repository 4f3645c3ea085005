namespace Movento.Contracts;

/// <summary>The words that every role uses when it reads an access token: claim names, roles, authorization policies.</summary>
public static class Access
{
    /// <summary>The <c>iss</c> of every access token.</summary>
    public const string Issuer = "movento";

    /// <summary>The <c>aud</c> of every access token.</summary>
    public const string Audience = "movento-api";

    /// <summary>The <c>typ</c> header of an access token (RFC 9068).</summary>
    public const string TokenType = "at+jwt";

    /// <summary>The claim that lists a user's roles.</summary>
    public const string RolesClaim = "roles";

    /// <summary>The claim that names a user's team, a UUID; a user without one is a team alone.</summary>
    public const string TeamClaim = "team";

    /// <summary>The claim that names the sign-in a token was given to (OpenID Connect Back-Channel Logout §2.1), a UUID: what is granted with
    /// the token ends when its user logs out.</summary>
    public const string SessionClaim = "sid";

    /// <summary>A role: may watch.</summary>
    public const string ViewerRole = "viewer";

    /// <summary>A role: may upload and edit.</summary>
    public const string EditorRole = "editor";

    /// <summary>The authorization policy of everything that needs a signed-in user.</summary>
    public const string SignedInPolicy = "signed-in";

    /// <summary>The authorization policy of everything that needs an editor.</summary>
    public const string EditorPolicy = "editor";
}
