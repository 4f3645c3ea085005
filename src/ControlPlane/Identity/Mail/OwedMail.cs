namespace Movento.ControlPlane.Identity.Mail;

/// <summary>A row of <c>mails</c> that was claimed.</summary>
internal sealed class OwedMail
{
    public required Guid Id { get; init; }

    /// <summary>One of <see cref="MailKind"/>.</summary>
    public required string Kind { get; init; }

    public required string Email { get; init; }
    public required Guid? UserId { get; init; }

    /// <summary>This one included.</summary>
    public required int Attempts { get; init; }
}
