using System.Collections.Concurrent;
using Movento.ControlPlane.Identity.Mail;

namespace Movento.ControlPlane.Tests;

/// <summary>Everybody's mailbox.</summary>
internal sealed class MailRecorder : IMailer
{
    public ConcurrentQueue<MailMessage> Sent { get; } = new();

    /// <summary>Whether mails are taken.</summary>
    public bool IsReachable { get; set; } = true;

    public Task SendAsync(MailMessage mail, CancellationToken cancellationToken)
    {
        if (!IsReachable) throw new MailException("Not now.", new TimeoutException());
        Sent.Enqueue(mail);
        return Task.CompletedTask;
    }
}
