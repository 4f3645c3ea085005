using System.Globalization;

namespace Movento.ControlPlane.Identity.Mail;

/// <summary>Writes each mail into a folder, as a file that mail programs open and only its owner reads. The newest <see cref="MostMails"/> stay.</summary>
internal sealed class OutboxMailer(MailOptions options, TimeProvider time) : IMailer
{
    public const int MostMails = 500;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public async Task SendAsync(MailMessage mail, CancellationToken cancellationToken)
    {
        using var message = MimeFormat.Of(mail, options, time);
        try
        {
            Directory.CreateDirectory(options.OutboxFolder, OwnerOnly | UnixFileMode.UserExecute);
            var name = $"{time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss.fff", CultureInfo.InvariantCulture)}-{Guid.NewGuid():N}.eml";
            await using (var file = new FileStream(Path.Combine(options.OutboxFolder, name), new FileStreamOptions
            {
                Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly, Options = FileOptions.Asynchronous,
            }))
            {
                await message.WriteToAsync(file, cancellationToken);
            }

            // Names begin with their time.
            foreach (var old in Directory.EnumerateFiles(options.OutboxFolder, "*.eml").Order(StringComparer.Ordinal).SkipLast(MostMails).ToArray()) File.Delete(old);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new MailException($"The outbox folder cannot be written ({error.GetType().Name}).", error);
        }
    }
}
