using System.Security.Cryptography;
using System.Text;

namespace Movento.Edge.Admission.CommonAccess;

/// <summary>One condition of <c>catu</c>: a component of the URI, how it is compared, and with what.</summary>
/// <param name="Component">The component.</param>
/// <param name="Kind">How it is compared.</param>
/// <param name="Value">What it is compared with; of a hash, its 64 lower-case hexadecimal digits.</param>
internal sealed record UriMatch(UriComponent Component, UriMatchKind Kind, string Value)
{
    // A component of a URI of ours is shorter: the longest path of the edge has 93 characters. A Host may be longer, and then matches no hash.
    private const int MaxHashed = 512;

    /// <summary>Whether the condition holds. Allocates nothing.</summary>
    public bool Holds(in EdgeUrl url, in Visitor visitor)
    {
        var component = Take(url, visitor);
        return Kind switch
        {
            UriMatchKind.Exact => component.SequenceEqual(Value),
            UriMatchKind.Prefix => component.StartsWith(Value),
            UriMatchKind.Suffix => component.EndsWith(Value),
            UriMatchKind.Contains => component.IndexOf(Value) >= 0,
            UriMatchKind.Sha256 => HashesTo(component, Value),
            _ => false,
        };
    }

    // The path is the one after a token in the path: the token cannot hold its own text.
    private ReadOnlySpan<char> Take(in EdgeUrl url, in Visitor visitor)
    {
        var path = url.Path;
        var file = path[(path.LastIndexOf('/') + 1)..];
        var dot = file.IndexOf('.') is var index and >= 0 ? index : file.Length;
        return Component switch
        {
            UriComponent.Scheme => visitor.Scheme,
            UriComponent.Host => HostOf(visitor.Host),
            UriComponent.Port => visitor.Host[HostOf(visitor.Host).Length..].TrimStart(':'),
            UriComponent.Path => path,
            UriComponent.ParentPath => path[..^(file.Length + 1)],
            UriComponent.FileName => file,
            UriComponent.Stem => file[..dot],
            UriComponent.Extension => file[dot..],
            _ => default,
        };
    }

    // Without the port; an IPv6 address stays in its brackets.
    private static ReadOnlySpan<char> HostOf(ReadOnlySpan<char> host)
    {
        var colon = host.LastIndexOf(':');
        return colon < 0 || host.LastIndexOf(']') > colon ? host : host[..colon];
    }

    private static bool HashesTo(ReadOnlySpan<char> component, string digits)
    {
        if (component.Length > MaxHashed) return false;
        Span<byte> bytes = stackalloc byte[3 * MaxHashed];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<char> text = stackalloc char[2 * SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(component, bytes)], hash);
        return Convert.TryToHexStringLower(hash, text, out _) && text.SequenceEqual(digits);
    }
}

/// <summary>A component of a URI, with its label in <c>catu</c> (CTA-5007). <c>query</c>, 4, is not supported: players append to it.</summary>
internal enum UriComponent
{
    Scheme = 0,
    Host = 1,
    Port = 2,
    Path = 3,
    ParentPath = 5,
    FileName = 6,
    Stem = 7,
    Extension = 8,
}

/// <summary>How a component is compared, with its label in <c>catu</c> (CTA-5007). Regular expressions, 4, and SHA-512/256, -2, are not supported.</summary>
internal enum UriMatchKind
{
    Sha256 = -1,
    Exact = 0,
    Prefix = 1,
    Suffix = 2,
    Contains = 3,
}
