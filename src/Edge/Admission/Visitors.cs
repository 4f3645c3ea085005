using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Movento.Contracts;

namespace Movento.Edge.Admission;

/// <summary>Reads who asks from a request, as far as the operator trusts its headers.</summary>
internal sealed class Visitors(AdmissionOptions options)
{
    /// <summary>Where a Common Access Token lies that is not in the path (CTA-5007).</summary>
    public const string TokenHeader = "CTA-Common-Access-Token";

    /// <summary>The query parameter of a Common Access Token, in whatever case: players and signers write <c>CAT</c> and <c>cat</c>.</summary>
    public const string TokenParameter = "cat";

    /// <summary>Allocates nothing, unless an address of IPv6 stands in a header.</summary>
    /// <param name="context">The request.</param>
    /// <param name="target">Its target, with the query.</param>
    /// <param name="hasToken">Whether the path has a token: then no other is looked for.</param>
    public Visitor Read(HttpContext context, ReadOnlySpan<char> target, bool hasToken)
    {
        var headers = context.Request.Headers;
        return new Visitor
        {
            Address = AddressOf(context, headers),
            Country = options.CountryHeader is { } name && headers.TryGetValue(name, out var country) && country.Count == 1
                && CountryCode.TryParse(country[0], out var code) ? code : null,
            Method = context.Request.Method,
            Scheme = context.Request.Scheme,
            Host = headers.Host.Count == 1 ? headers.Host[0] : default,
            Token = hasToken ? default : TokenOf(headers, target),
        };
    }

    private UInt128 AddressOf(HttpContext context, IHeaderDictionary headers)
    {
        if (options.AddressHeader is null) return NetworkPrefix.ToNumber(context.Connection.RemoteIpAddress);

        // What stands there but is no address is nobody's: the proxy's own would be everybody's.
        return headers.TryGetValue(options.AddressHeader, out var values) && values.Count > 0 && TryReadAddress(values[^1], out var address) ? address : 0;
    }

    private static bool TryReadAddress(ReadOnlySpan<char> list, out UInt128 address)
    {
        address = 0;
        var last = list[(list.LastIndexOf(',') + 1)..].Trim();
        if (TryReadIPv4(last, out var number))
        {
            address = ((UInt128)0xFFFF << 32) | number;
            return true;
        }

        if (!last.Contains(':') || !IPAddress.TryParse(last, out var parsed) || parsed.AddressFamily != AddressFamily.InterNetworkV6) return false;
        address = NetworkPrefix.ToNumber(parsed);
        return true;
    }

    // Four decimal numbers, without the octal and short forms that IPAddress reads, and without its allocation.
    private static bool TryReadIPv4(ReadOnlySpan<char> text, out uint number)
    {
        number = 0;
        for (var part = 0; part < 4; part++)
        {
            var end = part < 3 ? text.IndexOf('.') : text.Length;
            if (end is < 1 or > 3 || !byte.TryParse(text[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return false;
            number = (number << 8) | value;
            text = part < 3 ? text[(end + 1)..] : default;
        }

        return true;
    }

    private static ReadOnlySpan<char> TokenOf(IHeaderDictionary headers, ReadOnlySpan<char> target)
    {
        if (headers.TryGetValue(TokenHeader, out StringValues header)) return header.Count == 1 ? header[0] : default;
        var query = target.IndexOf('?');
        if (query < 0) return default;
        var rest = target[(query + 1)..];
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf('&');
            var parameter = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (parameter.Length > TokenParameter.Length && parameter[TokenParameter.Length] == '='
                && parameter.StartsWith(TokenParameter, StringComparison.OrdinalIgnoreCase))
            {
                return parameter[(TokenParameter.Length + 1)..];
            }
        }

        return default;
    }
}
