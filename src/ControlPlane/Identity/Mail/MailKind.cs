namespace Movento.ControlPlane.Identity.Mail;

/// <summary>What a mail is for, as the table <c>mails</c> says it.</summary>
internal static class MailKind
{
    /// <summary>Somebody registered: the link that confirms; or, where the address had an account already, that it has one.</summary>
    public const string Registration = "registration";

    /// <summary>The link that confirms, once more.</summary>
    public const string Confirmation = "confirmation";

    /// <summary>The link to a new password.</summary>
    public const string Reset = "reset";

    /// <summary>The link to a new address, sent there; or, where that has an account already, that it has one.</summary>
    public const string EmailChange = "email_change";

    /// <summary>A notice to the address that is: another one was asked for.</summary>
    public const string EmailChangeAsked = "email_change_asked";

    /// <summary>A notice to the address of before: the account has another one.</summary>
    public const string EmailChanged = "email_changed";

    /// <summary>A notice: an admin disabled the account.</summary>
    public const string AccountDisabled = "account_disabled";

    /// <summary>A notice: the account may be used again.</summary>
    public const string AccountEnabled = "account_enabled";

    /// <summary>A notice: the password is another one.</summary>
    public const string PasswordChanged = "password_changed";

    /// <summary>A notice: a sign-in asks for a second factor from now on.</summary>
    public const string SecondFactorOn = "second_factor_on";

    /// <summary>A notice: a sign-in does not ask for a second factor any more.</summary>
    public const string SecondFactorOff = "second_factor_off";
}
