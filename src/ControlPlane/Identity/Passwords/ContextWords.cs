namespace Movento.ControlPlane.Identity.Passwords;

/// <summary>Words that stand near at hand for whoever chooses a password here, and so for whoever guesses one (OWASP ASVS 6.1.2; docs/asvs.md
/// lists them too).</summary>
internal static class ContextWords
{
    public static readonly IReadOnlyList<string> All =
    [
        "movento", "password", "passwort", "streaming", "stream", "movies", "movie", "cinema", "films", "film", "video", "watch", "studio",
        "operator", "editor", "viewer", "admin", "account", "welcome", "login", "secret",
    ];

    /// <summary>Whether the password is little more than these words, or the parts of the address: what is left has no letter and is short.</summary>
    public static bool Fill(string password, string? email)
    {
        var rest = password.ToLowerInvariant();
        var whole = rest.Length;
        foreach (var word in Near(email)) rest = rest.Replace(word, "", StringComparison.Ordinal);
        return rest.Length < whole && rest.Length < PasswordRules.MinLength && !rest.Any(char.IsLetter);
    }

    // The longest first: "movies" before "movie" leaves no s.
    private static IEnumerable<string> Near(string? email) =>
        (email?.Split('@', '.', '+', '-', '_') ?? []).Where(part => part.Length > 2).Concat(All).OrderByDescending(word => word.Length);
}
