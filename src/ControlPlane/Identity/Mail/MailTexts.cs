using System.Globalization;
using Dapper;
using Movento.ControlPlane.Identity.Links;

namespace Movento.ControlPlane.Identity.Mail;

/// <summary>
/// What stands in the mails. Never a word that somebody chose who registered, such as a name: whoever registers another's address would write to
/// them through us.
/// </summary>
internal sealed class MailTexts(IdentityDatabase database, LinkTokens links, ControlPlaneOptions options)
{
    private const string NotYou = "If this was not you, you need not do anything.";

    /// <summary>The mail as it is to be sent now, with a fresh link where it has one; null where there is nobody to write to, or no reason any more.</summary>
    public async Task<MailMessage?> ComposeAsync(OwedMail owed, CancellationToken cancellationToken) => owed.Kind switch
    {
        MailKind.Registration => await FindAsync(owed, cancellationToken) is { } registered
            ? await ConfirmationAsync(registered, cancellationToken)
            : await FindByAddressAsync(owed, cancellationToken) is { } before ? AccountExists(before) : null,
        MailKind.Confirmation => await FindByAddressAsync(owed, cancellationToken) is { } user ? await ConfirmationAsync(user, cancellationToken) : null,
        MailKind.Reset => await FindByAddressAsync(owed, cancellationToken) is { IsDisabled: false } user ? await ResetAsync(user, cancellationToken) : null,
        MailKind.EmailChange => await FindByAddressAsync(owed, cancellationToken) is { } taken
            ? AddressTaken(taken)
            : await FindAsync(owed, cancellationToken) is { } user ? await EmailChangeAsync(user, owed.Email, cancellationToken) : null,
        MailKind.EmailChanged => EmailChanged(owed.Email),
        _ => await FindAsync(owed, cancellationToken) is { } user ? Notice(user, owed.Kind) : null,
    };

    private async Task<MailMessage?> ConfirmationAsync(Recipient user, CancellationToken cancellationToken)
    {
        if (user.ConfirmedAt is not null) return null;
        var lifetime = options.Mail.ConfirmationLinkLifetime;
        var link = await LinkAsync("confirm", user.Id, LinkPurpose.Confirm, user.Email, lifetime, cancellationToken);
        return new MailMessage(
            user.Email,
            "Confirm your e-mail address",
            $"""
            An account was opened with this e-mail address. To confirm that it is yours, open this link within {Words(lifetime)}:

            {link}

            {NotYou}
            """);
    }

    private async Task<MailMessage> ResetAsync(Recipient user, CancellationToken cancellationToken)
    {
        var lifetime = options.Mail.ResetLinkLifetime;
        var link = await LinkAsync("reset", user.Id, LinkPurpose.Reset, user.Email, lifetime, cancellationToken);
        return new MailMessage(
            user.Email,
            "Choose a new password",
            $"""
            Somebody asked for a new password for your account. To choose one, open this link within {Words(lifetime)}:

            {link}

            {NotYou} Your password stays as it is.
            """);
    }

    private MailMessage AccountExists(Recipient user) => new(
        user.Email,
        "You have an account already",
        $"""
        Somebody tried to open an account with this e-mail address, which has one already. Nothing was changed.

        If it was you, sign in, or choose a new password if you have forgotten yours:

        {Page("reset")}
        """);

    private async Task<MailMessage> EmailChangeAsync(Recipient user, string email, CancellationToken cancellationToken)
    {
        var lifetime = options.Mail.ConfirmationLinkLifetime;
        var link = await LinkAsync("confirm", user.Id, LinkPurpose.Move, email, lifetime, cancellationToken);
        return new MailMessage(
            email,
            "Confirm your new e-mail address",
            $"""
            An account is to have this e-mail address from now on. To confirm that it is yours, open this link within {Words(lifetime)}. Every session of the
            account ends then, and one signs in with this address:

            {link}

            {NotYou}
            """);
    }

    private static MailMessage AddressTaken(Recipient user) => new(
        user.Email,
        "Your address has an account already",
        $"""
        Somebody asked to give another account this e-mail address, which has one already. Nothing was changed.

        {NotYou} If it was, delete this account first.
        """);

    private static MailMessage EmailChanged(string before) => new(
        before,
        "Your account has another e-mail address",
        """
        Your account has another e-mail address from now on, which was confirmed there; nothing more of it is sent here.

        If this was not you, tell whoever runs the service.
        """);

    private MailMessage Notice(Recipient user, string kind)
    {
        if (kind is MailKind.AccountDisabled or MailKind.AccountEnabled) return Administered(user, kind == MailKind.AccountDisabled);
        var what = kind switch
        {
            MailKind.EmailChangeAsked => "Another e-mail address was asked for: your account gets it once the link that was sent there is opened.",
            MailKind.PasswordChanged => "The password of your account was changed.",
            MailKind.SecondFactorOn => "Signing in to your account asks for a second factor from now on.",
            MailKind.SecondFactorOff => "Signing in to your account does not ask for a second factor any more.",
            _ => throw new InvalidOperationException($"There is no text for mails of the kind '{kind}'."),
        };
        return new MailMessage(
            user.Email,
            what.Split(':')[0].TrimEnd('.'),
            $"""
            {what}

            If this was not you, choose a new password now, which ends every session of your account:

            {Page("reset")}
            """);
    }

    private static MailMessage Administered(Recipient user, bool isDisabled) => new(
        user.Email,
        isDisabled ? "Your account was disabled" : "Your account may be used again",
        isDisabled
            ? "An administrator disabled your account: nobody can sign in to it, and its keys are of no use. Nothing of it is deleted.\n\nIf you think that this is a mistake, tell whoever runs the service."
            : "An administrator enabled your account again: sign in as before.");

    // Behind the '#': browsers send it to nobody, so that it stands in no log and in no Referer.
    private async Task<string> LinkAsync(string page, Guid user, string purpose, string email, TimeSpan lifetime, CancellationToken cancellationToken) =>
        $"{Page(page)}#token={await links.CreateAsync(user, purpose, email, lifetime, cancellationToken)}";

    private string Page(string name) => $"{options.Mail.PagesUrl.TrimEnd('/')}/{name}";

    private async Task<Recipient?> FindAsync(OwedMail owed, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<Recipient>(new CommandDefinition(
            $"SELECT {Recipient.Columns} FROM users WHERE id = @UserId", new { owed.UserId }, cancellationToken: cancellationToken));
    }

    private async Task<Recipient?> FindByAddressAsync(OwedMail owed, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<Recipient>(new CommandDefinition(
            $"SELECT {Recipient.Columns} FROM users WHERE email = @Email", new { owed.Email }, cancellationToken: cancellationToken));
    }

    private static string Words(TimeSpan lifetime) => lifetime.TotalHours >= 2
        ? $"{lifetime.TotalHours.ToString("0", CultureInfo.InvariantCulture)} hours"
        : $"{lifetime.TotalMinutes.ToString("0", CultureInfo.InvariantCulture)} minutes";

    private sealed class Recipient
    {
        public const string Columns = "id AS Id, email AS Email, confirmed_at AS ConfirmedAt, disabled_at IS NOT NULL AS IsDisabled";

        public required Guid Id { get; init; }
        public required string Email { get; init; }
        public required DateTime? ConfirmedAt { get; init; }
        public required bool IsDisabled { get; init; }
    }
}
