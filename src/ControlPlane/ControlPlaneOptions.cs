using System.Buffers;
using System.Security.Cryptography;
using Movento.Contracts;
using Movento.ControlPlane.Billing;
using Movento.ControlPlane.Identity.AccessTokens;
using Movento.ControlPlane.Identity.Mail;
using Movento.ControlPlane.OutputCaching;
using Movento.ControlPlane.Recommendations;

namespace Movento.ControlPlane;

/// <summary>What the control plane can be told. <see cref="Validate"/> says everything that is wrong with it.</summary>
public sealed class ControlPlaneOptions
{
    private static readonly SearchValues<char> HeaderCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>How long an access token lives: as long as a withdrawn role or a sign-out can go unnoticed.</summary>
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a viewer stays signed in without coming back.</summary>
    public TimeSpan RefreshTokenLifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long a viewer stays signed in however often they come back.</summary>
    public TimeSpan LongestSession { get; set; } = TimeSpan.FromDays(365);

    /// <summary>How long a playback grant lives; a longer film gets its own length and an hour more.</summary>
    public TimeSpan PlaybackTokenLifetime { get; set; } = TimeSpan.FromHours(6);

    /// <summary>Nobody is granted renditions of more lines than this; 0 for any.</summary>
    public ushort MaxPlaybackHeight { get; set; }

    /// <summary>The edge's public base URL, as players reach it: <c>https://cdn.example.com</c>.</summary>
    public string EdgeUrl { get; set; } = "http://localhost:8081";

    /// <summary>
    /// The private keys of access tokens at the start: the one that began to sign last signs (of equals the first), and every one that may be needed stands in
    /// the JWKS. The host hands them in from its secrets, at the latest before it registers the control plane, and replaces them in the
    /// <see cref="AccessTokenKeyRing"/> when they are rotated.
    /// </summary>
    public IReadOnlyList<AccessTokenKey> AccessTokenKeys { get; set; } = [];

    /// <summary>How long a key of access tokens signs before the host makes another one; zero leaves that to the operator.</summary>
    public TimeSpan AccessTokenKeyRotation { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How long a new key of access tokens is known before it signs: longer than anybody keeps the JWKS (five minutes).</summary>
    public TimeSpan AccessTokenKeyOverlap { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>32 bytes from which the keys of passwords, authenticator apps and known devices are derived. The host hands them in from its secrets,
    /// at the latest before it registers the control plane. With another one nobody's password is right any more.</summary>
    public byte[] IdentitySecret { get; set; } = [];

    /// <summary>The cost of bcrypt: 2 to the power of it rounds. Hashes of another cost are made anew at the next sign-in.</summary>
    public int PasswordCost { get; set; } = 12;

    /// <summary>Whether the refresh cookie is only sent over TLS. False only where the pages themselves are plain HTTP.</summary>
    public bool CookieSecure { get; set; } = true;

    /// <summary>How long a failed sign-in counts, and how long one waits at most after too many.</summary>
    public TimeSpan SignInWindow { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Failed sign-ins for one account from one address in a window.</summary>
    public int SignInFailuresPerAccountAndAddress { get; set; } = 10;

    /// <summary>Failed sign-ins for one account from everywhere in a window.</summary>
    public int SignInFailuresPerAccount { get; set; } = 100;

    /// <summary>Failed sign-ins from one address (IPv6: one /64) in a window.</summary>
    public int SignInFailuresPerAddress { get; set; } = 100;

    /// <summary>The roles that nobody uses without a second factor: whoever has one of them and no authenticator app enrols one at the next sign-in.</summary>
    public IReadOnlyList<string> SecondFactorRequiredFor { get; set; } = [];

    /// <summary>Registrations from one address (IPv6: one /64) in an hour.</summary>
    public int RegistrationsPerAddress { get; set; } = 60;

    /// <summary>The header in which a proxy in front writes the viewer's country (two letters). Without it, films that are open in some countries only
    /// are open to nobody. Set it only where every request comes through a proxy that writes it itself, over whatever the viewer sent.</summary>
    public string? CountryHeader { get; set; }

    /// <summary>How long it is kept how films played on a day; in whole days.</summary>
    public TimeSpan QualityRetention { get; set; } = TimeSpan.FromDays(400);

    /// <summary>How long an account waits for its address to be confirmed, where it cannot be used before; then it goes, and the address can be registered anew. Zero for ever.</summary>
    public TimeSpan UnconfirmedRetention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long it is kept what admins did to accounts; zero for ever.</summary>
    public TimeSpan AuditRetention { get; set; } = TimeSpan.FromDays(400);

    /// <summary>How mails go out.</summary>
    public MailOptions Mail { get; set; } = new();

    /// <summary>After how long without a word from its player a stream gives its place to another one.</summary>
    public TimeSpan StreamTimeout { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>What is sold, and through whom; nothing where it has no key.</summary>
    public BillingOptions Billing { get; set; } = new();

    /// <summary>Where answers that are the same for everybody are kept for a moment.</summary>
    public OutputCachingOptions OutputCaching { get; set; } = new();

    /// <summary>What to watch next.</summary>
    public RecommendationsOptions Recommendations { get; set; } = new();

    /// <summary>Every sentence about what is wrong; none when all is well.</summary>
    public IEnumerable<string> Validate()
    {
        if (AccessTokenLifetime < TimeSpan.FromMinutes(1) || AccessTokenLifetime > TimeSpan.FromHours(24))
            yield return $"AccessTokenLifetime must be 1 minute to 24 hours, not {AccessTokenLifetime}.";
        if (RefreshTokenLifetime <= AccessTokenLifetime || RefreshTokenLifetime > TimeSpan.FromDays(400))
            yield return $"RefreshTokenLifetime must be longer than AccessTokenLifetime and at most 400 days, not {RefreshTokenLifetime}.";
        if (LongestSession < RefreshTokenLifetime || LongestSession > TimeSpan.FromDays(3660))
            yield return $"LongestSession must be at least RefreshTokenLifetime and at most 3660 days, not {LongestSession}.";
        if (AccessTokenKeyRotation != TimeSpan.Zero && (AccessTokenKeyRotation < TimeSpan.FromHours(1) || AccessTokenKeyRotation > TimeSpan.FromDays(3660)))
            yield return $"AccessTokenKeyRotation must be zero or 1 hour to 3660 days, not {AccessTokenKeyRotation}.";
        if (AccessTokenKeyOverlap < TimeSpan.Zero || AccessTokenKeyOverlap > TimeSpan.FromDays(1))
            yield return $"AccessTokenKeyOverlap must be zero to 1 day, not {AccessTokenKeyOverlap}.";
        if (PlaybackTokenLifetime < TimeSpan.FromMinutes(1) || PlaybackTokenLifetime > TimeSpan.FromDays(7))
            yield return $"PlaybackTokenLifetime must be 1 minute to 7 days, not {PlaybackTokenLifetime}.";
        if (SignInWindow < TimeSpan.FromSeconds(10) || SignInWindow > TimeSpan.FromDays(1))
            yield return $"SignInWindow must be 10 seconds to 1 day, not {SignInWindow}.";

        if (!Uri.TryCreate(EdgeUrl, UriKind.Absolute, out var edge)
            || (edge.Scheme != Uri.UriSchemeHttp && edge.Scheme != Uri.UriSchemeHttps)
            || edge.Query.Length > 0 || edge.Fragment.Length > 0 || edge.UserInfo.Length > 0)
            yield return $"EdgeUrl must be an absolute http or https URL without query, fragment or user, not '{EdgeUrl}'.";

        foreach (var (name, value) in new[]
                 {
                     (nameof(SignInFailuresPerAccountAndAddress), SignInFailuresPerAccountAndAddress),
                     (nameof(SignInFailuresPerAccount), SignInFailuresPerAccount),
                     (nameof(SignInFailuresPerAddress), SignInFailuresPerAddress),
                     (nameof(RegistrationsPerAddress), RegistrationsPerAddress),
                 })
            if (value < 1) yield return $"{name} must be at least 1, not {value}.";

        if (CountryHeader is not null && (CountryHeader.Length == 0 || CountryHeader.AsSpan().ContainsAnyExcept(HeaderCharacters)))
            yield return $"CountryHeader is '{CountryHeader}', which is not the name of a header.";
        foreach (var role in SecondFactorRequiredFor.Except(Access.Roles))
            yield return $"SecondFactorRequiredFor names '{role}'; there are {string.Join(", ", Access.Roles)}.";
        if (PasswordCost is < 10 or > 16) yield return $"PasswordCost must be 10 to 16, not {PasswordCost}.";
        if (QualityRetention < TimeSpan.FromDays(1) || QualityRetention > TimeSpan.FromDays(3660))
            yield return $"QualityRetention must be 1 to 3660 days, not {QualityRetention}.";
        if (AuditRetention != TimeSpan.Zero && (AuditRetention < TimeSpan.FromDays(1) || AuditRetention > TimeSpan.FromDays(3660)))
            yield return $"AuditRetention must be zero or 1 to 3660 days, not {AuditRetention}.";
        // Longer than the link of the mail is good.
        if (UnconfirmedRetention != TimeSpan.Zero && (UnconfirmedRetention < TimeSpan.FromDays(2) || UnconfirmedRetention > TimeSpan.FromDays(3660)))
            yield return $"UnconfirmedRetention must be zero or 2 to 3660 days, not {UnconfirmedRetention}.";
        if (StreamTimeout < TimeSpan.FromSeconds(10) || StreamTimeout > TimeSpan.FromHours(1))
            yield return $"StreamTimeout must be 10 seconds to 1 hour, not {StreamTimeout}.";
        foreach (var sentence in OutputCaching.Validate()) yield return sentence;
        foreach (var sentence in Recommendations.Validate()) yield return sentence;
        foreach (var sentence in Mail.Validate()) yield return sentence;
        foreach (var sentence in Billing.Validate()) yield return sentence;

        for (var i = 0; i < AccessTokenKeys.Count; i++)
            if (WrongWithKey(AccessTokenKeys[i].Pem) is { } wrong)
                yield return $"AccessTokenKeys[{i}] {wrong}";
    }

    // Never echoes the key: these sentences end up in logs.
    private static string? WrongWithKey(string pem)
    {
        try
        {
            using var key = AccessTokenKeyRing.Import(pem);
            return null;
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            return "is not a P-256 private key in PEM.";
        }
    }
}
