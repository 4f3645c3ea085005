namespace Movento.ControlPlane.Identity.Mail;

/// <summary>An SMTP server that takes mails for anybody.</summary>
public sealed class SmtpOptions
{
    /// <summary>Its name or address; null where there is none.</summary>
    public string? Host { get; set; }

    /// <summary>The port of message submission (RFC 6409 §3.1).</summary>
    public int Port { get; set; } = 587;

    /// <summary>How the connection is protected.</summary>
    public SmtpSecurity Security { get; set; } = SmtpSecurity.StartTls;

    /// <summary>Whom to sign in as; null where the server asks for nobody.</summary>
    public string? UserName { get; set; }

    /// <summary>The password of <see cref="UserName"/>.</summary>
    public string? Password { get; set; }

    /// <summary>How long one step of a conversation may take.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(20);

    internal IEnumerable<string> Validate()
    {
        if (Host is { Length: 0 }) yield return "Mail:Smtp:Host must name a server.";
        if (Port is < 1 or > 65535) yield return $"Mail:Smtp:Port must be 1 to 65535, not {Port}.";
        if (Timeout < TimeSpan.FromSeconds(1) || Timeout > TimeSpan.FromMinutes(5)) yield return $"Mail:Smtp:Timeout must be 1 second to 5 minutes, not {Timeout}.";
        if (UserName is null != Password is null) yield return "Mail:Smtp:UserName and Mail:Smtp:Password go together.";
        if (UserName is not null && Security == SmtpSecurity.None) yield return "Mail:Smtp:Security is None, over which no password is sent: take StartTls or Tls.";
    }
}

/// <summary>How a connection to an SMTP server is protected.</summary>
public enum SmtpSecurity
{
    /// <summary>By STARTTLS (RFC 3207), or there is no mail.</summary>
    StartTls,

    /// <summary>By TLS from its first byte (RFC 8314 §3.3).</summary>
    Tls,

    /// <summary>Not at all: for a relay on this machine.</summary>
    None,
}
