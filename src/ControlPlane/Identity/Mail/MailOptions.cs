using MimeKit;

namespace Movento.ControlPlane.Identity.Mail;

/// <summary>How mails go out: by an SMTP server where one is named, else into a folder, where whoever develops finds them.</summary>
public sealed class MailOptions
{
    /// <summary>Whom mails come from: <c>Movento &lt;no-reply@example.com&gt;</c>.</summary>
    public string From { get; set; } = "Movento <no-reply@localhost>";

    /// <summary>The pages' public base URL, which the links of mails lead to.</summary>
    public string PagesUrl { get; set; } = "http://localhost:8080";

    /// <summary>The folder of mails where there is no SMTP server.</summary>
    public string OutboxFolder { get; set; } = "outbox";

    /// <summary>Whether an account can be used only once its address is confirmed; where nothing is said, if there is an SMTP server.</summary>
    public bool? ConfirmationRequired { get; set; }

    /// <summary>How long the link of a confirmation works.</summary>
    public TimeSpan ConfirmationLinkLifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long the link to a new password works.</summary>
    public TimeSpan ResetLinkLifetime { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Mails to one address in an hour, for whatever anybody may ask for without being signed in.</summary>
    public int MailsPerAddress { get; set; } = 5;

    /// <summary>The SMTP server.</summary>
    public SmtpOptions Smtp { get; set; } = new();

    internal bool IsConfirmationRequired => ConfirmationRequired ?? Smtp.Host is not null;

    /// <summary>Every sentence about what is wrong; none when all is well.</summary>
    public IEnumerable<string> Validate()
    {
        if (!MailboxAddress.TryParse(From, out _)) yield return $"Mail:From must be an address such as 'Movento <no-reply@example.com>', not '{From}'.";
        if (!Uri.TryCreate(PagesUrl, UriKind.Absolute, out var pages)
            || (pages.Scheme != Uri.UriSchemeHttp && pages.Scheme != Uri.UriSchemeHttps)
            || pages.Query.Length > 0 || pages.Fragment.Length > 0 || pages.UserInfo.Length > 0)
            yield return $"Mail:PagesUrl must be an absolute http or https URL without query, fragment or user, not '{PagesUrl}'.";
        if (Smtp.Host is null && string.IsNullOrWhiteSpace(OutboxFolder)) yield return "Mail:OutboxFolder must name a folder where there is no Mail:Smtp:Host.";
        if (ConfirmationLinkLifetime < TimeSpan.FromMinutes(5) || ConfirmationLinkLifetime > TimeSpan.FromDays(7))
            yield return $"Mail:ConfirmationLinkLifetime must be 5 minutes to 7 days, not {ConfirmationLinkLifetime}.";
        if (ResetLinkLifetime < TimeSpan.FromMinutes(5) || ResetLinkLifetime > TimeSpan.FromHours(24))
            yield return $"Mail:ResetLinkLifetime must be 5 minutes to 24 hours, not {ResetLinkLifetime}.";
        if (MailsPerAddress < 1) yield return $"Mail:MailsPerAddress must be at least 1, not {MailsPerAddress}.";
        foreach (var sentence in Smtp.Validate()) yield return sentence;
    }
}
