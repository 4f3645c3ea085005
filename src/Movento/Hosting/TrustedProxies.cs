using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Movento.Hosting;

/// <summary>The proxies in front whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed: those that the operator names, and nobody else.</summary>
internal static class TrustedProxies
{
    /// <summary>An address, or a network as <c>10.0.0.0/8</c>.</summary>
    public static bool TryRead(string? text, out IPNetwork network)
    {
        network = default;
        if (text is null) return false;
        if (text.Contains('/')) return IPNetwork.TryParse(text, out network);
        if (!IPAddress.TryParse(text, out var address)) return false;
        network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
        return true;
    }

    /// <summary>Takes address and scheme of a request from what the trusted proxies wrote; stands before everything that looks at them.</summary>
    public static void UseTrustedProxies(this IApplicationBuilder app, IReadOnlyList<string> proxies)
    {
        if (proxies.Count == 0) return;
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            // As far back as proxies are trusted: the first that is not is who asks.
            ForwardLimit = null,
        };
        // ASP.NET trusts this machine where nothing is said.
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
            if (TryRead(proxy, out var network))
                options.KnownIPNetworks.Add(network);
        app.UseForwardedHeaders(options);
    }
}
