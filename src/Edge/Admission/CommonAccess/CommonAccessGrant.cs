namespace Movento.Edge.Admission.CommonAccess;

/// <summary>What a Common Access Token opens.</summary>
internal sealed class CommonAccessGrant(string text, int hash, CommonAccessClaims claims)
    : Grant(text, hash, claims.Expires, new Admitted(claims.Session, MaxHeight: 0))
{
    public override EdgeOutcome? Refuse(in EdgeUrl url, in Visitor visitor, DateTimeOffset now)
    {
        if (now < claims.NotBefore) return EdgeOutcome.TokenNotYetValid;
        foreach (var condition in claims.Uri)
        {
            if (!condition.Holds(url, visitor)) return EdgeOutcome.TokenOfAnotherPath;
        }

        if (!claims.Methods.IsDefault && !AllowsMethod(visitor.Method)) return EdgeOutcome.TokenOfAnotherMethod;
        return claims.Networks.IsDefault || AllowsAddress(visitor.Address) ? null : EdgeOutcome.TokenOfAnotherNetwork;
    }

    private bool AllowsMethod(ReadOnlySpan<char> method)
    {
        foreach (var allowed in claims.Methods)
        {
            if (method.SequenceEqual(allowed)) return true;
        }

        return false;
    }

    private bool AllowsAddress(UInt128 address)
    {
        foreach (var network in claims.Networks)
        {
            if (network.Contains(address)) return true;
        }

        return false;
    }
}
