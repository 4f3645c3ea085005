namespace Movento.ControlPlane.Identity.Mail;

/// <summary>Sends mails, one at a time.</summary>
internal interface IMailer
{
    /// <summary>Hands the mail over to whoever delivers it.</summary>
    /// <exception cref="MailException">It was not taken; trying again later may help.</exception>
    Task SendAsync(MailMessage mail, CancellationToken cancellationToken);
}
