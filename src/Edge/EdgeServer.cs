using Microsoft.AspNetCore.Server.Kestrel.Core;
using Movento.Edge.Keys;

namespace Movento.Edge;

/// <summary>What the edge asks of the Kestrel server that carries it.</summary>
public static class EdgeServer
{
    /// <summary>Bounds for a server that only answers GET, HEAD and OPTIONS without a body, to players on all kinds of networks.</summary>
    public static void ConfigureMoventoEdge(this KestrelServerOptions server, EdgeOptions options)
    {
        // A line ends with CR LF alone: a proxy in front that takes a bare LF for a part of a field would see other fields than we do (RFC 9112 §11.2).
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", true);

        server.AddServerHeader = false;
        server.AllowSynchronousIO = false;

        var limits = server.Limits;
        limits.MaxConcurrentConnections = options.MaxConnections;
        limits.MaxConcurrentUpgradedConnections = 0;

        // Room for a token, a path and the CMCD query that players append (CTA-5004: a few hundred bytes).
        limits.MaxRequestLineSize = 8 << 10;
        limits.MaxRequestHeadersTotalSize = 16 << 10;
        limits.MaxRequestHeaderCount = 64;

        // A licence's request. Of any other body so much is read too: an answer sent before it is read would be lost with the connection.
        limits.MaxRequestBodySize = KeyDelivery.MaxRequestBytes;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);

        // A player asks every few seconds; with a full buffer it may pause for a minute.
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(75);

        // The lowest rung of a ladder is above 10 KB a second: who takes less for long is not watching.
        limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 2 << 10, gracePeriod: TimeSpan.FromSeconds(20));
        limits.Http2.MaxStreamsPerConnection = 32;
    }
}
