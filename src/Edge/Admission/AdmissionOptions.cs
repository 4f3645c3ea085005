using System.Buffers;

namespace Movento.Edge.Admission;

/// <summary>What an operator may set about who is let in (section <c>Edge:Admission</c>).</summary>
public sealed class AdmissionOptions
{
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Tokens that were found good, kept until they expire so that their signature is checked once: the most of them. About 1 KB each.</summary>
    public int RememberedTokens { get; set; } = 65_536;

    /// <summary>The header in which a proxy in front writes the viewer's country (two letters). Without it, a token of a country opens nothing.
    /// Set it only where every request comes through a proxy that writes it itself, over whatever the viewer sent.</summary>
    public string? CountryHeader { get; set; }

    /// <summary>The header in which a proxy in front writes the viewer's address; of a list, the last one counts. Without it, the connection's
    /// address is the viewer's. Set it only where every request comes through a proxy that writes it itself.</summary>
    public string? AddressHeader { get; set; }

    internal IEnumerable<string> Validate()
    {
        if (RememberedTokens is < 1024 or > 16 << 20)
            yield return $"Edge: Admission:RememberedTokens is {RememberedTokens}, but must be 1024 to {16 << 20}.";
        foreach (var (option, header) in new[] { (nameof(CountryHeader), CountryHeader), (nameof(AddressHeader), AddressHeader) })
        {
            if (header is not null && (header.Length == 0 || header.AsSpan().ContainsAnyExcept(NameCharacters)))
                yield return $"Edge: Admission:{option} is '{header}', which is not the name of a header.";
        }
    }
}
