using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace Movento.ControlPlane.Identity.Mail;

/// <summary>Sends by an SMTP server, a connection a mail.</summary>
internal sealed class SmtpMailer(MailOptions options, TimeProvider time) : IMailer
{
    public async Task SendAsync(MailMessage mail, CancellationToken cancellationToken)
    {
        using var message = MimeFormat.Of(mail, options, time);
        using var client = new SmtpClient { Timeout = (int)options.Smtp.Timeout.TotalMilliseconds };
        try
        {
            await client.ConnectAsync(options.Smtp.Host!, options.Smtp.Port, Security, cancellationToken);
            if (options.Smtp.UserName is { } name) await client.AuthenticateAsync(name, options.Smtp.Password!, cancellationToken);
            await client.SendAsync(message, cancellationToken);
            await client.DisconnectAsync(quit: true, cancellationToken);
        }
        catch (SmtpCommandException error)
        {
            // Not the server's words, which may name the recipient.
            throw new MailException($"The SMTP server refused: {error.ErrorCode}, {(int)error.StatusCode}.", error);
        }
        catch (Exception error) when (error is IOException or SocketException or ProtocolException or AuthenticationException or SslHandshakeException
            or ServiceNotConnectedException or NotSupportedException or TimeoutException)
        {
            throw new MailException($"The SMTP server cannot be spoken to ({error.GetType().Name}).", error);
        }
    }

    private SecureSocketOptions Security => options.Smtp.Security switch
    {
        SmtpSecurity.StartTls => SecureSocketOptions.StartTls,
        SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
        _ => SecureSocketOptions.None,
    };
}
