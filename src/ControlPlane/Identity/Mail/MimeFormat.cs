using MimeKit;

namespace Movento.ControlPlane.Identity.Mail;

/// <summary>A mail as others read it (RFC 5322, MIME).</summary>
internal static class MimeFormat
{
    public static MimeMessage Of(MailMessage mail, MailOptions options, TimeProvider time)
    {
        var from = MailboxAddress.Parse(options.From);
        return new MimeMessage([from], [new MailboxAddress("", mail.To)], mail.Subject, new TextPart("plain") { Text = mail.Text })
        {
            Date = time.GetUtcNow(),
            MessageId = $"{Guid.NewGuid():N}@{from.Domain}",
            // RFC 3834 §5: no out-of-office answers to this.
            Headers = { { "Auto-Submitted", "auto-generated" } },
        };
    }
}
