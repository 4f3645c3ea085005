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

    /// <summary>The claim that names who of the account watches, a UUID; absent where nobody in particular does.</summary>
    public const string ProfileClaim = "profile";

    /// <summary>The claim that says, with <c>true</c>, that only what is for children may be shown; absent otherwise.</summary>
    public const string KidsClaim = "kids";

    /// <summary>The claim that says, in years, that only films for people of this age and younger play, and none that nobody rated; absent where all do.</summary>
    public const string MaximumAgeClaim = "age";

    /// <summary>The claim that names the key of a program, a UUID, where one asks in place of a person.</summary>
    public const string KeyClaim = "key";

    /// <summary>The claims, one each, of what a program's key may be used for (<see cref="ApiKeyScope"/>).</summary>
    public const string ScopeClaim = "scope";

    /// <summary>A role: may watch.</summary>
    public const string ViewerRole = "viewer";

    /// <summary>A role: may upload and edit.</summary>
    public const string EditorRole = "editor";

    /// <summary>A role: may see and change others' accounts.</summary>
    public const string AdminRole = "admin";

    /// <summary>Every role.</summary>
    public static readonly IReadOnlyList<string> Roles = [ViewerRole, EditorRole, AdminRole];

    /// <summary>The authorization policy of everything that needs an admin, in person.</summary>
    public const string AdminPolicy = "admin";

    /// <summary>The authorization policy of everything that needs a signed-in user, in person.</summary>
    public const string SignedInPolicy = "signed-in";

    /// <summary>The authorization policy of everything that needs an editor, or an editor's program with a key of the right scope.</summary>
    public const string EditorPolicy = "editor";
}
