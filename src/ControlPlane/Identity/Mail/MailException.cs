namespace Movento.ControlPlane.Identity.Mail;

/// <summary>A mail was not taken. The sentence names no person: it ends up in logs.</summary>
internal sealed class MailException(string message, Exception inner) : Exception(message, inner);
