namespace Movento.ControlPlane.Identity.Mail;

/// <summary>A mail of text alone, to one person.</summary>
/// <param name="To">An address as <see cref="EmailAddress"/> normalises it.</param>
/// <param name="Subject">One line.</param>
/// <param name="Text">Plain text.</param>
internal sealed record MailMessage(string To, string Subject, string Text)
{
    /// <summary>Neither whom it goes to nor its secrets, so that no log can hold them.</summary>
    public override string ToString() => nameof(MailMessage);
}
