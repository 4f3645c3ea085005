using System.Net;
using System.Net.Sockets;
using System.Text;
using MimeKit;
using Movento.ControlPlane.Identity.Mail;
using Movento.Harness;

namespace Movento.ControlPlane.Tests.Identity.Mail;

public sealed class SmtpMailerTests
{
    [Fact]
    public async Task Send_ToAServer_ArrivesWhole()
    {
        await using var server = new SmtpServer();
        await new SmtpMailer(Options(server), TimeProvider.System).SendAsync(
            new MailMessage("a@example.com", "Grüße\r\nBcc: b@example.com", "Zeile eins\n.\nhttps://x.example/#token=abc"), CancellationToken.None);

        using var received = new MemoryStream(Encoding.ASCII.GetBytes(await server.Received));
        var message = await MimeMessage.LoadAsync(received);
        Assert.Equal("a@example.com", message.To.Mailboxes.Single().Address);
        Assert.Equal("no-reply@example.com", message.From.Mailboxes.Single().Address);
        Assert.Empty(message.Bcc);
        Assert.Equal("auto-generated", message.Headers["Auto-Submitted"]);
        Assert.Equal("Zeile eins\n.\nhttps://x.example/#token=abc", message.TextBody!.ReplaceLineEndings("\n").TrimEnd());
        Assert.Equal(["<a@example.com>"], server.Recipients);
    }

    [Fact]
    public async Task Send_WhereStartTlsIsWanted_SendsNothingWithoutIt()
    {
        await using var server = new SmtpServer();
        var options = Options(server);
        options.Smtp.Security = SmtpSecurity.StartTls;
        await Assert.ThrowsAsync<MailException>(() =>
            new SmtpMailer(options, TimeProvider.System).SendAsync(new MailMessage("a@example.com", "x", "x"), CancellationToken.None));
        Assert.Empty(server.Recipients);
    }

    [Fact]
    public async Task Send_WhatTheServerRefuses_IsAMailExceptionThatNamesNobody()
    {
        await using var server = new SmtpServer { RefusesRecipients = true };
        var error = await Assert.ThrowsAsync<MailException>(() =>
            new SmtpMailer(Options(server), TimeProvider.System).SendAsync(new MailMessage("a@example.com", "x", "x"), CancellationToken.None));
        Assert.DoesNotContain("a@example.com", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_WhereNobodyListens_IsAMailException()
    {
        var options = new MailOptions { From = "no-reply@example.com", Smtp = { Host = "127.0.0.1", Port = FreePort.Next(), Security = SmtpSecurity.None } };
        await Assert.ThrowsAsync<MailException>(() =>
            new SmtpMailer(options, TimeProvider.System).SendAsync(new MailMessage("a@example.com", "x", "x"), CancellationToken.None));
    }

    [Fact]
    public async Task Outbox_KeepsMailsAsFilesThatOnlyTheirOwnerReads_AndTheNewestOnly()
    {
        using var folder = new TemporaryFolder();
        var options = new MailOptions { OutboxFolder = folder.Combine("outbox") };
        var mailer = new OutboxMailer(options, TimeProvider.System);
        for (var i = 0; i < OutboxMailer.MostMails + 3; i++) await mailer.SendAsync(new MailMessage("a@example.com", $"Number {i}", "Text"), CancellationToken.None);

        var files = Directory.GetFiles(options.OutboxFolder);
        Assert.Equal(OutboxMailer.MostMails, files.Length);
        Assert.All(files, file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
        Assert.Contains(files, file => MimeMessage.Load(file).Subject == $"Number {OutboxMailer.MostMails + 2}");
        Assert.DoesNotContain(files, file => MimeMessage.Load(file).Subject == "Number 0");
    }

    [Fact]
    public void Validate_EverythingWrong_SaysEverything() => Assert.Equal(8, new MailOptions
    {
        From = "nobody at all <",
        PagesUrl = "ftp://pages.example",
        ConfirmationLinkLifetime = TimeSpan.Zero,
        ResetLinkLifetime = TimeSpan.Zero,
        MailsPerAddress = 0,
        Smtp = { Host = "mail.example", Port = 0, Timeout = TimeSpan.Zero, UserName = "name" },
    }.Validate().Count());

    private static MailOptions Options(SmtpServer server) =>
        new() { From = "Movento <no-reply@example.com>", Smtp = { Host = "127.0.0.1", Port = server.Port, Security = SmtpSecurity.None } };

    /// <summary>As much of RFC 5321 as one mail needs.</summary>
    private sealed class SmtpServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly TaskCompletionSource<string> _received = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Task _serving;

        public SmtpServer()
        {
            _listener.Start();
            _serving = ServeAsync();
        }

        public bool RefusesRecipients { get; init; }
        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;
        public List<string> Recipients { get; } = [];
        public Task<string> Received => _received.Task;

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _serving;
        }

        private async Task ServeAsync()
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync();
                using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
                await using var writer = new StreamWriter(client.GetStream(), Encoding.ASCII) { NewLine = "\r\n", AutoFlush = true };
                await writer.WriteLineAsync("220 test");
                while (await reader.ReadLineAsync() is { } line)
                {
                    if (line.StartsWith("RCPT TO:", StringComparison.Ordinal) && !RefusesRecipients) Recipients.Add(line[8..]);
                    if (line == "DATA") await ReadMailAsync(reader, writer);
                    else await writer.WriteLineAsync(line.StartsWith("RCPT", StringComparison.Ordinal) && RefusesRecipients ? $"550 no {line}" : line == "QUIT" ? "221 bye" : "250 ok");
                }
            }
            catch (Exception error) when (error is SocketException or IOException or ObjectDisposedException)
            {
                // The client or the test has gone.
            }
        }

        private async Task ReadMailAsync(StreamReader reader, StreamWriter writer)
        {
            await writer.WriteLineAsync("354 go on");
            var mail = new StringBuilder();
            while (await reader.ReadLineAsync() is { } line and not ".") mail.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
            _received.SetResult(mail.ToString());
            await writer.WriteLineAsync("250 taken");
        }
    }
}
