namespace Movento.Edge.Admission;

/// <summary>What a token that was found good opens. Immutable, so that a remembered one serves every request.</summary>
/// <param name="text">The token.</param>
/// <param name="hash">Of the text.</param>
/// <param name="expires">From when on it opens nothing.</param>
/// <param name="admitted">What a request is let in with.</param>
internal abstract class Grant(string text, int hash, DateTimeOffset expires, Admitted admitted)
{
    public string Text => text;

    public int Hash => hash;

    public DateTimeOffset Expires => expires;

    public Admitted Admitted => admitted;

    /// <summary>The sign-in whose end ends it; <see cref="Guid.Empty"/> for none.</summary>
    public virtual Guid SignIn => Guid.Empty;

    /// <summary>Null where it opens the URL to the visitor, else why not. Its expiry was looked at.</summary>
    public abstract EdgeOutcome? Refuse(in EdgeUrl url, in Visitor visitor, DateTimeOffset now);
}
